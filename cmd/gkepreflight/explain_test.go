package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

func TestExplainListsEveryCheck(t *testing.T) {
	code, out, _ := call(t, "explain")
	if code != 0 {
		t.Fatalf("status %d", code)
	}
	for _, c := range checks.All() {
		if !strings.Contains(out, c.Name+" ") {
			t.Errorf("%s is missing", c.Name)
		}
	}
}

func TestExplainTellsEverythingOfEveryCheck(t *testing.T) {
	for _, c := range checks.All() {
		code, out, stderr := call(t, "explain", c.Name)
		if code != 0 || stderr != "" {
			t.Errorf("%s: status %d, %s", c.Name, code, stderr)
		}
		for _, section := range []string{c.Name + " (" + string(c.Severity), "Holds when", "Why", "How to fix", checks.DocsBase + c.Name} {
			if !strings.Contains(out, section) {
				t.Errorf("%s: no %q in\n%s", c.Name, section, out)
			}
		}
	}
}

func TestPermissionsAreTheSortedUnion(t *testing.T) {
	_, out, _ := call(t, "explain", "--permissions")
	_, list, ok := strings.Cut(out, "includedPermissions:\n")
	if !ok {
		t.Fatalf("no permissions in\n%s", out)
	}
	got := strings.Split(strings.TrimSuffix(list, "\n"), "\n")
	if !slices.IsSorted(got) || len(slices.Compact(slices.Clone(got))) != len(got) {
		t.Errorf("not sorted, or twice: %q", got)
	}
	for _, c := range checks.All() {
		_, one, _ := call(t, "explain", "--permissions", c.Name)
		for _, p := range c.Permissions {
			if !slices.Contains(got, "- "+p) || !strings.Contains(one, "- "+p+"\n") {
				t.Errorf("%s: %s is missing", c.Name, p)
			}
		}
	}
}
