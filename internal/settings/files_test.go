package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

func saved(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "f.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func truth(b bool) *bool { return &b }

const whole = `internet: images
mirror: warn
fail_on: warning
strict: true
only: [nat-node-range, gated]
skip:
  - gated
severity: {nat-node-range: warning}
docker_hub_limit: 200
ignore:
  - check: mirror-dependence
    objects: ["docker.io/library/redis:*", web]
    reason: staging
    expires: 2027-03-31
  - {check: gated, reason: "known", expires: "2027-01-01"}
`

func TestReadConfig(t *testing.T) {
	got, err := ReadConfig(saved(t, whole))
	if err != nil {
		t.Fatal(err)
	}
	want := Values{Internet: "images", Mirror: "warn", FailOn: "warning", Strict: truth(true), Only: []string{"nat-node-range", "gated"}, Skip: []string{"gated"},
		Severity: map[string]checks.Severity{"nat-node-range": checks.Warning}, HubLimit: 200, Ignore: []checks.Exception{
			{Check: "mirror-dependence", Objects: []string{"docker.io/library/redis:*", "web"}, Reason: "staging", Expires: "2027-03-31"},
			{Check: "gated", Reason: "known", Expires: "2027-01-01"}}}
	if diff := cmp.Diff(want, got.Values); diff != "" {
		t.Error(diff)
	}
}

func TestReadPolicy(t *testing.T) {
	got, err := ReadPolicy(saved(t, "internet: required\nmirror: deny\nfail_on: error\nstrict: false\nlocked: [gated]\nseverity_floor: {nat-node-range: error}\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := Policy{File: got.File, Internet: "required", Mirror: "deny", FailOn: "error", Strict: truth(false), Locked: []string{"gated"},
		Floors: map[string]checks.Severity{"nat-node-range": checks.Error}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFilesThatSetNothing(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "blank": " \n\n", "a comment": "# later\n", "a document": "---\n", "a null": "null\n", "braces": "{}\n",
		"a byte order mark": "\ufeff# later\n", "commented entries": "ignore:\n  # - check: gated\nseverity:\nonly:\n", "an end": "---\n...\n",
	} {
		t.Run(name, func(t *testing.T) {
			file := saved(t, text)
			got, err := ReadConfig(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(Config{File: file, Values: Values{Severity: got.Severity}}, got); diff != "" || len(got.Severity) > 0 {
				t.Error(diff)
			}
		})
	}
}

func TestAliasesAreFollowed(t *testing.T) {
	got, err := ReadConfig(saved(t, "only: &some [gated]\nskip: *some\nignore:\n- {check: gated, reason: &why known}\n- {check: nat-overlap, reason: *why}\n"))
	if err != nil || len(got.Skip) != 1 || got.Ignore[1].Reason != "known" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// What is wrong is told in one line, with its place.
func TestConfigNamesWhatIsWrong(t *testing.T) {
	long := "check, expires, objects, reason"
	for name, tc := range map[string]struct{ text, want string }{
		"a typo in a key":      {"mirror: deny\nignroe: []\n", `:2:1: there is no key "ignroe": did you mean "ignore"?`},
		"another fashion":      {"failOn: error\n", `:1:1: there is no key "failOn": did you mean "fail_on"?`},
		"dashes":               {"docker-hub-limit: 100\n", `:1:1: there is no key "docker-hub-limit": did you mean "docker_hub_limit"?`},
		"a typo in an entry":   {"ignore:\n- check: gated\n  reasons: r\n", `:3:3: there is no key "reasons": did you mean "reason"?`},
		"a key of no entry":    {"ignore:\n- check: gated\n  until: tomorrow\n", `:3:3: there is no key "until": there are ` + long},
		"a key of a policy":    {"locked: [gated]\n", `:1:1: there is no key "locked": there are docker_hub_limit, fail_on,`},
		"a merge key":          {"<<: {strict: true}\n", `:1:1: there is no key "<<": there are`},
		"twice":                {"strict: true\nmirror: deny\nstrict: false\n", `:3:1: "strict" is given twice: it was on line 1 already`},
		"a check twice":        {"severity: {gated: info, gated: error}\n", `:1:25: "gated" is given twice: it was on line 1 already`},
		"a list as a key":      {"[a, b]: c\n", `:1:1: a key is a list: expected a word`},
		"a list":               {"- strict\n", `:1:1: the file is a list: expected keys with values`},
		"a word":               {"strict\n", `:1:1: the file is "strict": expected keys with values`},
		"no such word":         {"mirror: Deny\n", `:1:9: there is no mirror "Deny": did you mean "deny"?`},
		"a far word":           {"internet: sometimes\n", `:1:11: there is no internet "sometimes": there are auto, required, images`},
		"no word":              {"mirror:\n", `:1:8: mirror is empty: expected one of deny, warn, allow`},
		"a list for a word":    {"fail_on: [error]\n", `:1:10: fail_on is a list: expected one of error, warning, never`},
		"text for a boolean":   {"strict: \"true\"\n", `:1:9: strict is "true": expected true or false`},
		"yes":                  {"strict: yes\n", `:1:9: strict is "yes": expected true or false`},
		"text for a number":    {"docker_hub_limit: many\n", `:1:19: docker_hub_limit is "many": expected a whole number above zero`},
		"zero":                 {"docker_hub_limit: 0\n", `:1:19: docker_hub_limit is 0: expected a whole number above zero`},
		"half":                 {"docker_hub_limit: 1.5\n", `:1:19: docker_hub_limit is 1.5: expected a whole number above zero`},
		"a number in quotes":   {"docker_hub_limit: \"100\"\n", `:1:19: docker_hub_limit is "100": expected a whole number above zero`},
		"a number below zero":  {"docker_hub_limit: -5\n", `:1:19: docker_hub_limit is -5: expected a whole number above zero`},
		"a list as a number":   {"docker_hub_limit: [5]\n", `:1:19: docker_hub_limit is a list: expected a whole number above zero`},
		"no number":            {"docker_hub_limit:\n", `:1:18: docker_hub_limit is empty: expected a whole number above zero`},
		"a number past all":    {"docker_hub_limit: 99999999999999999999\n", `:1:19: docker_hub_limit is 99999999999999999999: expected a whole number above zero`},
		"a mapping for truth":  {"strict: {a: b}\n", `:1:9: strict is a mapping: expected true or false`},
		"nothing for truth":    {"strict:\n", `:1:8: strict is empty: expected true or false`},
		"a one for truth":      {"strict: 1\n", `:1:9: strict is 1: expected true or false`},
		"a word in a list":     {"only: [[gated]]\n", `:1:8: check is a list: expected one of nat-node-range`},
		"an empty item":        {"only: [gated, ]\nskip: [~]\n", `:2:8: check is empty: expected one of nat-node-range`},
		"an alias misplaced":   {"mirror: &m deny\nstrict: *m\n", `:2:9: strict is "deny": expected true or false`},
		"a severity of none":   {"severity: {gated: }\n", `severity is empty: expected one of error, warning, info`},
		"a list as a check":    {"severity: {[gated]: info}\n", `:1:12: a key is a list: expected a word`},
		"an empty day":         {"ignore:\n- {check: gated, reason: r, expires: ''}\n", `:2:38: expires is empty: write YYYY-MM-DD, or leave it out for no end`},
		"a check of no text":   {"ignore:\n- {check: [gated], reason: r}\n", `:2:11: check is a list: expected text`},
		"text for a list":      {"skip: gated\n", `:1:7: skip is "gated": expected a list`},
		"a check's typo":       {"skip:\n  - gated\n  - nat-node-rang\n", `:3:5: there is no check "nat-node-rang": did you mean "nat-node-range"?`},
		"a severity's check":   {"severity: {nat-node-rang: info}\n", `:1:12: there is no check "nat-node-rang": did you mean "nat-node-range"?`},
		"a severity's level":   {"severity:\n  gated: warn\n", `:2:10: there is no severity "warn": did you mean "warning"?`},
		"severities as a list": {"severity: [gated]\n", `:1:11: severity is a list: expected keys with values`},
		"a word for entries":   {"ignore: gated\n", `:1:9: ignore is "gated": expected a list`},
		"a word for an entry":  {"ignore:\n- gated\n", `:2:3: an entry of ignore is "gated": expected keys with values`},
		"an empty entry":       {"ignore:\n-\n", `an entry of ignore is empty: expected check and reason`},
		"no check":             {"ignore:\n- reason: r\n", `:2:3: an entry of ignore names no check`},
		"an entry's typo":      {"ignore:\n- {reason: r, check: gatd}\n", `:2:22: there is no check "gatd": did you mean "gated"?`},
		"no reason":            {"ignore:\n- check: gated\n", `:2:3: a reason is required`},
		"a blank reason":       {"ignore:\n- check: gated\n  reason: ' '\n", `:3:11: a reason is required`},
		"a number as reason":   {"ignore:\n- check: gated\n  reason: 12\n", `:3:11: reason is 12: expected text`},
		"no such day":          {"ignore:\n- {check: gated, reason: r, expires: 2027-02-30}\n", `:2:38: "2027-02-30" is no day: write YYYY-MM-DD, such as 2027-03-31`},
		"a time":               {"ignore:\n- {check: gated, reason: r, expires: 2027-02-03T00:00:00Z}\n", `:2:38: "2027-02-03T00:00:00Z" is no day`},
		"one object":           {"ignore:\n- {check: gated, reason: r, objects: a}\n", `:2:38: objects is "a": expected a list`},
		"no objects":           {"ignore:\n- {check: gated, reason: r, objects: []}\n", `:2:38: objects is empty: name at least one, or leave it out to mean every object`},
		"an empty glob":        {"ignore:\n- {check: gated, reason: r, objects: ['']}\n", `:2:39: a glob of objects is empty: it matches nothing`},
		"an object's list":     {"ignore:\n- {check: gated, reason: r, objects: [[a]]}\n", `:2:39: a glob of objects is a list: expected text`},
		"inside itself":        {"ignore: &a [*a]\n", `an entry of ignore is a list: expected keys with values`},
		"two documents":        {"strict: true\n---\nstrict: false\n", `: a second document begins: expected one`},
		"broken":               {"mirror: 'deny\n", `is broken YAML: `},
		"a tab":                {"severity:\n\tgated: info\n", `is broken YAML: `},
		"an unknown anchor":    {"skip: *x\n", `is broken YAML: `},
		"binary":               {"strict: true\x00\n", `: is binary (a zero byte): expected YAML text in UTF-8`},
		"another encoding":     {"strict: true\nmirror: den\xff\n", `:2: is no UTF-8 here: expected YAML text in UTF-8`},
		"far too large":        {strings.Repeat("# many\n", 200_000), `: is larger than 1 MiB`},
	} {
		t.Run(name, func(t *testing.T) {
			file := saved(t, tc.text)
			_, err := ReadConfig(file)
			text := message(err)
			if !strings.HasPrefix(text, file+":") || !strings.Contains(text, tc.want) || strings.Contains(text, "\n") {
				t.Errorf("got %q, want %q", strings.TrimPrefix(text, file), tc.want)
			}
		})
	}
}

func TestPolicyNamesWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct{ text, want string }{
		"a typo in a key": {"lock: [gated]\n", `:1:1: there is no key "lock": did you mean "locked"?`},
		"an exception":    {"ignore: []\n", `:1:1: there is no key "ignore": there are fail_on, internet, locked, mirror, severity_floor, strict`},
		"a check's typo":  {"locked: [gatd]\n", `:1:10: there is no check "gatd": did you mean "gated"?`},
		"a floor's level": {"severity_floor: {gated: errror}\n", `:1:25: there is no severity "errror": did you mean "error"?`},
	} {
		t.Run(name, func(t *testing.T) {
			file := saved(t, tc.text)
			if _, err := ReadPolicy(file); message(err) != file+tc.want {
				t.Errorf("got %q, want %q", message(err), tc.want)
			}
		})
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "none.yaml")
	for name, read := range map[string]func(string) error{
		"config":   func(n string) error { _, err := ReadConfig(n); return err },
		"policy":   func(n string) error { _, err := ReadPolicy(n); return err },
		"baseline": func(n string) error { _, err := ReadBaseline(n); return err },
	} {
		if err := read(missing); message(err) != missing+": no such file or directory" {
			t.Errorf("%s: got %v", name, err)
		}
		if err := read(dir); message(err) != dir+": is a directory" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// What is at the edge is taken: the least number, the largest file, the words as the policy writes them.
func TestFilesAtTheEdge(t *testing.T) {
	if got, err := ReadConfig(saved(t, "docker_hub_limit: 1\nstrict: False\n")); err != nil || got.HubLimit != 1 || got.Strict == nil || *got.Strict {
		t.Errorf("got %+v, %v", got, err)
	}
	full := "mirror: warn\n" + strings.Repeat("#", 1<<20-len("mirror: warn\n"))
	if got, err := ReadConfig(saved(t, full)); err != nil || got.Mirror != "warn" {
		t.Errorf("a file of 1 MiB: %v", err)
	}
	if _, err := ReadConfig(saved(t, full+"#")); !strings.HasSuffix(message(err), ": is larger than 1 MiB") {
		t.Errorf("a byte more: %v", err)
	}
	// Nothing is left of a file that is wrong in its second half: a half-read policy would be a weaker one.
	if _, err := ReadPolicy(saved(t, "locked: [gated]\nmirror: maybe\n")); err == nil {
		t.Error("a policy that is wrong at its end was taken")
	}
}
