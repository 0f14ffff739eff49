package runtask

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var update = flag.Bool("update", false, "write the golden files anew")

// undecided counts undecided errors, too, as --strict does.
func undecided(results []checks.Result) int {
	if slices.ContainsFunc(results, func(r checks.Result) bool {
		return r.Severity == checks.Error && (r.Status == topology.Fail || r.Status == topology.Undecided)
	}) {
		return 2
	}
	return 0
}

func TestVerdicts(t *testing.T) {
	for name, tc := range map[string]struct {
		plan    string
		exit    func([]checks.Result) int
		status  string
		message string
		found   bool
	}{
		"all that is needed is there":           {"01-nat-all-ranges", failedErrors, "passed", "✓ gkepreflight: 1 of 1 cluster passed; 7 tests, 7 passed, 0 warnings, 0 failures, 0 exceptions", false},
		"no NAT":                                {"04-no-nat", failedErrors, "failed", "✗ gkepreflight: 3 of 4 clusters failed; ", true},
		"no NAT, and nothing counts":            {"04-no-nat", func([]checks.Result) int { return 0 }, "passed", "✗ gkepreflight: 3 of 4 clusters failed; ", true},
		"what the plan does not show":           {"16-shared-vpc-literals", failedErrors, "passed", "? gkepreflight: 2 of 3 clusters not decided; ", true},
		"what the plan does not show, strictly": {"16-shared-vpc-literals", undecided, "failed", "? gkepreflight: 2 of 3 clusters not decided; ", true},
		"nothing is left":                       {"22-destroy-all", failedErrors, "passed", "– gkepreflight: no GKE clusters in the plan of run-1: nothing to check; 0 tests", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, func(o *Options) { o.Exit = tc.exit })
			p.content = p.file(tc.plan)
			got, found := p.judged(nil)
			if got.status != tc.status || !strings.HasPrefix(got.message, tc.message) {
				t.Errorf("%s: %q, want %s: %q", got.status, got.message, tc.status, tc.message)
			}
			if (len(found) > 0) != tc.found {
				t.Errorf("%d outcomes", len(found))
			}
			red := slices.ContainsFunc(found, func(o outcome) bool { return o.Attributes.Tags["Status"][0].Level == "error" })
			if red != (tc.status == "failed") {
				t.Errorf("the task is %s, and a finding that fails it is among the outcomes: %v", tc.status, red)
			}
		})
	}
}

// What people read on the page of a run.
func TestFindingsAsTheyAreRead(t *testing.T) {
	for _, plan := range []string{"04-no-nat", "11-update-narrow-nat"} {
		t.Run(plan, func(t *testing.T) {
			p := newPlatform(t, func(o *Options) {
				o.Notes = []string{"policy.yaml fixes mirror: deny, and --mirror allow is not followed"}
			})
			p.content = p.file(plan)
			got, found := p.judged(nil)
			var b strings.Builder
			fmt.Fprintf(&b, "%s\n%s\n", got.status, got.message)
			for _, o := range found {
				a := o.Attributes
				fmt.Fprintf(&b, "\n=== %s\n%s\nStatus %v Severity %v\n%s\n\n%s", a.ID, a.Description, a.Tags["Status"], a.Tags["Severity"], a.URL, a.Body)
			}
			golden(t, plan, b.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update if it should:\n%s", file, diff)
	}
}

func TestFirstPostIsProgress(t *testing.T) {
	p := newPlatform(t, nil)
	p.send(p.payload("1"))
	if got := p.next(); got.status != running || len(got.outcomes) != 0 {
		t.Errorf("first comes %+v", got)
	}
	if got := p.next(); got.status != passed {
		t.Errorf("then comes %+v", got)
	}
}

// An older platform takes no outcomes: the message says the worst.
func TestPlatformWithoutOutcomes(t *testing.T) {
	p := newPlatform(t, nil)
	p.content = p.file("04-no-nat")
	got, found := p.judged(map[string]any{"capabilities": map[string]any{}})
	if got.status != failed || len(found) != 0 || !strings.Contains(got.message, "; first: ") {
		t.Errorf("%s: %q, %d outcomes", got.status, got.message, len(found))
	}
}

func TestStages(t *testing.T) {
	for name, tc := range map[string]struct {
		change          map[string]any
		status, message string
	}{
		"post_plan":                    {map[string]any{"stage": "post_plan"}, passed, "1 of 1 cluster passed"},
		"pre_apply":                    {map[string]any{"stage": "pre_apply"}, passed, "1 of 1 cluster passed"},
		"post_apply":                   {map[string]any{"stage": "post_apply"}, passed, "1 of 1 cluster passed"},
		"pre_plan":                     {map[string]any{"stage": "pre_plan", "plan_json_api_url": nil}, failed, "attached to the stage Pre-plan, where there is no plan yet: nothing was judged; attach it to Post-plan"},
		"pre_plan that names a plan":   {map[string]any{"stage": "pre_plan"}, failed, "attach it to Post-plan"},
		"post_plan that names no plan": {map[string]any{"plan_json_api_url": nil}, failed, "names no plan (plan_json_api_url): nothing was judged"},
		"a stage to come":              {map[string]any{"stage": "mid_apply"}, failed, `does not know the stage "mid_apply"`},
		"no stage":                     {map[string]any{"stage": nil}, failed, `does not know the stage ""`},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t, nil)
			if got, _ := p.judged(tc.change); got.status != tc.status || !strings.Contains(got.message, tc.message) {
				t.Errorf("%s: %q, want %s: %q", got.status, got.message, tc.status, tc.message)
			}
		})
	}
}

// A task that breaks takes nothing else with it.
func TestPanicFailsItsTaskAlone(t *testing.T) {
	first := true
	p := newPlatform(t, func(o *Options) {
		o.Workers = 1
		o.Exit = func(results []checks.Result) int {
			if first {
				first = false
				panic("out of range")
			}
			return failedErrors(results)
		}
	})
	if got, _ := p.judged(nil); got.status != failed || !strings.Contains(got.message, "judging the plan broke") || strings.Contains(got.message, "out of range") {
		t.Errorf("%s: %q", got.status, got.message)
	}
	if !strings.Contains(p.log.String(), "out of range") {
		t.Errorf("the log does not say why:\n%s", p.log)
	}
	p.send(p.payload("2"))
	if got, _ := p.verdict(); got.status != passed {
		t.Errorf("the next task: %s: %q", got.status, got.message)
	}
}

func TestSameExceptionDayForAllOfATask(t *testing.T) {
	p := newPlatform(t, func(o *Options) {
		o.Policy.Ignore = []checks.Exception{{Check: "nat-node-range", Reason: "known", Expires: "2001-01-01"}}
	})
	p.content = p.file("04-no-nat")
	_, found := p.judged(nil)
	last := found[len(found)-1].Attributes
	if last.ID != "notes" || !strings.Contains(last.Body, "2001-01-01") {
		t.Errorf("an exception that expired is not told: %+v", last)
	}
}

func TestHeadersOfTheArchive(t *testing.T) {
	p := newPlatform(t, nil)
	asked := 0
	content := p.content
	p.content = func(w http.ResponseWriter, r *http.Request) {
		asked++
		content(w, r)
	}
	if got, _ := p.judged(nil); got.status != passed || asked != 1 {
		t.Errorf("%s: %q, and the archive was asked %d times", got.status, got.message, asked)
	}
}
