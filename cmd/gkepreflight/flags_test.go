package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/spf13/pflag"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

func flagsOf(t *testing.T, args ...string) checkFlags {
	t.Helper()
	var f checkFlags
	set := pflag.NewFlagSet("check", pflag.ContinueOnError)
	f.register(set)
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestPolicy(t *testing.T) {
	f := flagsOf(t, "--only", "nat-node-range,nat-pod-range", "--only", "gated", "--skip", "gated", "--mirror", "warn",
		"--severity", "nat-pod-range=error,gated=info", "--project", "shop-*", "--cluster", "prod")
	a, err := f.asked()
	if err != nil {
		t.Fatal(err)
	}
	got, want := a.policy, checks.Policy{Mirror: "warn", Project: "shop-*", Cluster: "prod",
		Only: []string{"nat-node-range", "nat-pod-range", "gated"}, Skip: []string{"gated"},
		Severities: map[string]checks.Severity{"nat-pod-range": checks.Error, "gated": checks.Info}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(checks.Policy{})); diff != "" {
		t.Error(diff)
	}
}

func TestPolicyNamesWhatIsWrong(t *testing.T) {
	for want, args := range map[string][]string{
		`unknown value of --internet "always": expected one of auto, required, images`: {"--internet", "always"},
		`unknown value of --mirror "Deny": did you mean "deny"?`:                       {"--mirror", "Deny"},
		`unknown value of --fail-on "errors": did you mean "error"?`:                   {"--fail-on", "errors"},
		`unknown check "nat-node-rang": did you mean "nat-node-range"?`:                {"--only", "gated,nat-node-rang"},
		`unknown check "gate": did you mean "gated"?`:                                  {"--skip", "gate"},
		`unknown check "nat-pods-range": did you mean "nat-pod-range"?`:                {"--severity", "nat-pods-range=error"},
		`unknown severity "warn": expected one of error, warning, info`:                {"--severity", "gated=warn"},
		`--severity gated: expected CHECK=LEVEL, for example nat-pod-range=error`:      {"--severity", "gated"},
		`no check is left: --skip takes away all of them`:                              {"--only", "gated", "--skip", "gated"},
		`unknown value of --fail-on "": expected one of error, warning, never`:         {"--fail-on", ""},
	} {
		f := flagsOf(t, args...)
		if _, err := f.asked(); message(err) != want {
			t.Errorf("%q: got %q, want %q", args, message(err), want)
		}
	}
}

func TestListed(t *testing.T) {
	// A list from a YAML block ends in a newline, and one that was generated in a comma.
	got := listed([]string{"a,b", " c ,\n", "", "d\n"})
	if diff := cmp.Diff([]string{"a", "b", "c", "d"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestInput(t *testing.T) {
	f := flagsOf(t, "--plan", "a,b.json", "--plan", "-", "--state", "s.json", "--config-dir", "infra", "--terraform", "tofu")
	in, err := f.input(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a,b.json", "-"}, in.Plans); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"s.json", "infra", "tofu"}, []string{in.States[0], in.ConfigDir, in.Terraform}); diff != "" {
		t.Error(diff)
	}
}

func TestInputNamesWhatIsWrong(t *testing.T) {
	const piping = "for example: terraform show -json tfplan | gkepreflight check --plan -"
	for want, args := range map[string][]string{
		"nothing to check: give a plan, a state, --assets or --live, " + piping: nil,
		"--plan names no file":                              {"--plan", ""},
		"--state names no file":                             {"--state", ""},
		"- is given twice: standard input holds one source": {"--plan", "-", "--state", "-"},
		"- is standard input, and that is a terminal: pipe a plan into it, " + piping: {"--plan", "-"},
	} {
		f := flagsOf(t, args...)
		if _, err := f.input(nil, true); message(err) != want {
			t.Errorf("%q: got %q, want %q", args, message(err), want)
		}
	}
}

func TestChoice(t *testing.T) {
	f := flagsOf(t, "--location", "europe-*", "--cluster", "prod")
	if got, want := f.choice(), `--location "europe-*" --cluster "prod"`; !f.chooses() || got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if none := flagsOf(t); none.chooses() {
		t.Error("no flag chooses, and something was chosen")
	}
}
