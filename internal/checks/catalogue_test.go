package checks

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
)

var (
	nameShape    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	versionShape = regexp.MustCompile(`^[0-9]+\.[0-9]+\.[0-9]+$`)
	permission   = regexp.MustCompile(`^[a-z]+\.[a-zA-Z]+\.[a-zA-Z]+$`)
)

// What a check says of itself becomes its docs page, the role and the words of explain.
func TestCatalogue(t *testing.T) {
	names := map[string]bool{}
	for _, c := range All() {
		t.Run(c.Name, func(t *testing.T) {
			if !nameShape.MatchString(c.Name) || names[c.Name] {
				t.Errorf("name %q", c.Name)
			}
			names[c.Name] = true
			if !slices.Contains([]Severity{Error, Warning, Info}, c.Severity) {
				t.Errorf("severity %q", c.Severity)
			}
			if c.Holds == "" || strings.HasSuffix(c.Holds, ".") || startsSentence(c.Holds) {
				t.Errorf("what holds is no lower-case statement: %q", c.Holds)
			}
			sentences(t, "why", c.Why, true)
			sentences(t, "mend", c.Mend, true)
			sentences(t, "limits", c.Limits, false)
			if c.Example == "" {
				t.Error("no example")
			}
			parses(t, c.Example)
			if !versionShape.MatchString(c.Since) {
				t.Errorf("since %q", c.Since)
			}
			if len(c.Reads) == 0 {
				t.Error("it reads nothing")
			}
			if (c.Cluster == nil) == (c.Plan == nil) {
				t.Error("a check judges clusters or the plan")
			}
			if !slices.IsSorted(c.Permissions) || len(slices.Compact(slices.Clone(c.Permissions))) != len(c.Permissions) {
				t.Errorf("permissions are not sorted and unique: %v", c.Permissions)
			}
			for _, p := range c.Permissions {
				if !permission.MatchString(p) {
					t.Errorf("permission %q", p)
				}
			}
		})
	}
}

// startsSentence is true for a capital that does not begin an abbreviation, such as TCP.
func startsSentence(text string) bool {
	r := []rune(text)
	return len(r) > 1 && unicode.IsUpper(r[0]) && !unicode.IsUpper(r[1])
}

func sentences(t *testing.T, what, text string, must bool) {
	t.Helper()
	if text == "" && !must {
		return
	}
	first, _, _ := strings.Cut(text, " ")
	name := strings.ContainsAny(strings.TrimRight(first, "."), "._/") // a host or an attribute is written as it is
	if !strings.HasSuffix(text, ".") || strings.TrimSpace(text) != text || !name && !unicode.IsUpper([]rune(text)[0]) {
		t.Errorf("%s is no full sentence: %q", what, text)
	}
}

func TestFind(t *testing.T) {
	for _, c := range All() {
		if got, ok := Find(c.Name); !ok || got.Name != c.Name {
			t.Errorf("%s is not found", c.Name)
		}
	}
	if _, ok := Find("nothing"); ok {
		t.Error("a check that does not exist is found")
	}
}
