package settings

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

type levels = map[string]checks.Severity

func TestSettle(t *testing.T) {
	except := func(check string) checks.Exception { return checks.Exception{Check: check, Reason: "r"} }
	for _, tc := range []struct {
		name   string
		flags  Values
		config Values
		policy Policy
		want   Values
		// refused is what the policy refuses, without the policy's name.
		refused []string
	}{
		{name: "nothing"},
		{name: "a configuration alone", config: Values{Mirror: "warn", HubLimit: 7, Strict: truth(true), Ignore: []checks.Exception{except("gated")}},
			want: Values{Mirror: "warn", HubLimit: 7, Strict: truth(true), Ignore: []checks.Exception{except("gated")}}},
		{name: "flags win", flags: Values{Internet: "images", FailOn: "error", Strict: truth(false)},
			config: Values{Internet: "auto", FailOn: "never", Strict: truth(true), Mirror: "warn"},
			want:   Values{Internet: "images", FailOn: "error", Strict: truth(false), Mirror: "warn"}},
		{name: "severities win one by one", flags: Values{Severity: levels{"gated": checks.Info}},
			config: Values{Severity: levels{"gated": checks.Error, "nat-overlap": checks.Warning}},
			want:   Values{Severity: levels{"gated": checks.Info, "nat-overlap": checks.Warning}}},
		{name: "lists win whole", flags: Values{Only: []string{"gated"}, Skip: []string{"repository"}}, config: Values{Only: []string{"nat-overlap"}, Skip: []string{"perimeter"}},
			want: Values{Only: []string{"gated"}, Skip: []string{"repository"}}},
		{name: "what a flag asks for is asked for", flags: Values{Only: []string{"gated"}}, config: Values{Skip: []string{"gated", "perimeter"}},
			want: Values{Only: []string{"gated"}, Skip: []string{"perimeter"}}},
		{name: "a policy fixes defaults in silence", policy: Policy{Internet: "required", Mirror: "deny", FailOn: "error", Strict: truth(true)},
			want: Values{Internet: "required", Mirror: "deny", FailOn: "error", Strict: truth(true)}},
		{name: "a policy agrees", config: Values{Mirror: "deny", Strict: truth(true)}, policy: Policy{Mirror: "deny", Strict: truth(true)},
			want: Values{Mirror: "deny", Strict: truth(true)}},
		{name: "a policy over a configuration", config: Values{Mirror: "allow", FailOn: "never", Strict: truth(false)}, policy: Policy{Mirror: "deny", FailOn: "error", Strict: truth(true)},
			want: Values{Mirror: "deny", FailOn: "error", Strict: truth(true)}, refused: []string{
				"fixes mirror: deny, and mirror: allow in repo.yaml is not followed",
				"fixes fail_on: error, and fail_on: never in repo.yaml is not followed",
				"fixes strict: true, and strict: false in repo.yaml is not followed"}},
		{name: "a policy over flags", flags: Values{Internet: "images", FailOn: "never", Strict: truth(true)}, config: Values{FailOn: "error"},
			policy: Policy{Internet: "auto", FailOn: "warning", Strict: truth(false)}, want: Values{Internet: "auto", FailOn: "warning", Strict: truth(false)}, refused: []string{
				"fixes internet: auto, and --internet images is not followed",
				"fixes fail_on: warning, and --fail-on never is not followed",
				"fixes strict: false, and --strict=true is not followed"}},
		{name: "floors", flags: Values{Severity: levels{"gated": checks.Info}}, config: Values{Severity: levels{"nat-overlap": checks.Warning, "repository": checks.Warning, "perimeter": checks.Info}},
			policy: Policy{Floors: levels{"gated": checks.Warning, "nat-overlap": checks.Error, "repository": checks.Warning}},
			want:   Values{Severity: levels{"repository": checks.Warning, "perimeter": checks.Info}}, refused: []string{
				"keeps the severity of gated from being lowered below warning: --severity gated=info is not followed",
				"keeps the severity of nat-overlap from being lowered below error: severity nat-overlap: warning in repo.yaml is not followed"}},
		{name: "a lock is no floor where there is one", config: Values{Severity: levels{"gated": checks.Warning, "nat-overlap": checks.Warning, "perimeter": checks.Error}},
			policy: Policy{Locked: []string{"gated", "nat-overlap", "perimeter"}, Floors: levels{"nat-overlap": checks.Warning}},
			want:   Values{Severity: levels{"nat-overlap": checks.Warning, "perimeter": checks.Error}}, refused: []string{"locks gated: severity gated: warning in repo.yaml is not followed"}},
		{name: "locks", config: Values{Skip: []string{"gated", "perimeter"}, Ignore: []checks.Exception{except("gated"), except("perimeter"), except("nat-overlap"), except("nat-overlap")}},
			policy: Policy{Locked: []string{"nat-overlap", "gated", "gated"}}, want: Values{Skip: []string{"perimeter"}, Ignore: []checks.Exception{except("perimeter")}}, refused: []string{
				"locks gated: skip: gated in repo.yaml is not followed",
				"locks gated: its exception in repo.yaml is not followed",
				"locks nat-overlap: its 2 exceptions in repo.yaml are not followed"}},
		{name: "a lock over flags", flags: Values{Only: []string{"perimeter"}, Skip: []string{"gated"}}, policy: Policy{Locked: []string{"gated", "nat-overlap"}},
			want: Values{Only: []string{"perimeter", "gated", "nat-overlap"}}, refused: []string{
				"locks gated, nat-overlap: checked, too, although --only leaves them out",
				"locks gated: --skip gated is not followed"}},
		{name: "an empty list of the flags takes nothing away", flags: Values{Only: []string{}, Skip: []string{}}, config: Values{Only: []string{"gated"}, Skip: []string{"perimeter"}},
			want: Values{Only: []string{"gated"}, Skip: []string{"perimeter"}}},
		{name: "a limit of the flags is the configuration's where none is given", config: Values{HubLimit: 7}, want: Values{HubLimit: 7}},
		{name: "a lock of what is asked for anyway", flags: Values{Only: []string{"gated"}}, policy: Policy{Locked: []string{"gated"}}, want: Values{Only: []string{"gated"}}},
		{name: "a lock of what nobody touches", config: Values{Skip: []string{"perimeter"}}, policy: Policy{Locked: []string{"gated"}}, want: Values{Skip: []string{"perimeter"}}},
		{name: "a skip of the flags that is locked by the configuration's own", flags: Values{Skip: []string{"perimeter"}}, config: Values{Skip: []string{"gated"}}, policy: Policy{Locked: []string{"gated"}},
			want: Values{Skip: []string{"perimeter"}}},
		{name: "a floor that is met", config: Values{Severity: levels{"gated": checks.Warning}}, policy: Policy{Floors: levels{"gated": checks.Warning}}, want: Values{Severity: levels{"gated": checks.Warning}}},
		{name: "a floor that is passed", flags: Values{Severity: levels{"gated": checks.Error}}, policy: Policy{Floors: levels{"gated": checks.Warning}}, want: Values{Severity: levels{"gated": checks.Error}}},
		{name: "a policy's strict where nobody said so", policy: Policy{Strict: truth(false)}, want: Values{Strict: truth(false)}},
		{name: "a flag that the policy fixes alike, over a configuration that does not", flags: Values{Mirror: "deny"}, config: Values{Mirror: "allow"}, policy: Policy{Mirror: "deny"}, want: Values{Mirror: "deny"}},
		{name: "a lock over a configuration's only", config: Values{Only: []string{"perimeter"}}, policy: Policy{Locked: []string{"gated"}},
			want: Values{Only: []string{"perimeter", "gated"}}, refused: []string{"locks gated: checked, too, although only in repo.yaml leaves it out"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.policy.File = "team.yaml"
			got, refused := Settle(tc.flags, Config{File: "repo.yaml", Values: tc.config}, tc.policy)
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
			for i := range refused {
				refused[i] = strings.TrimPrefix(refused[i], "team.yaml ")
			}
			if diff := cmp.Diff(tc.refused, refused, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A configuration is read once and may be settled often.
func TestSettleChangesNothingItWasGiven(t *testing.T) {
	config := Config{Values: Values{Skip: []string{"gated", "perimeter"}, Severity: levels{"gated": checks.Info},
		Ignore: []checks.Exception{{Check: "gated"}, {Check: "perimeter"}}}}
	flags := Values{Severity: levels{"perimeter": checks.Error}}
	first, refused := Settle(flags, config, Policy{Locked: []string{"gated"}})
	second, again := Settle(flags, config, Policy{Locked: []string{"gated"}})
	if diff := cmp.Diff(first, second) + cmp.Diff(refused, again); diff != "" || len(refused) != 3 || len(config.Ignore) != 2 || config.Ignore[0].Check != "gated" {
		t.Errorf("%v %s", refused, diff)
	}
}
