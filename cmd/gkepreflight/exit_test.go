package main

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/settings"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestExitCode(t *testing.T) {
	result := func(status topology.Verdict, severity checks.Severity) checks.Result {
		return checks.Result{Status: status, Severity: severity}
	}
	accepted := func(r checks.Result) checks.Result {
		r.Suppressed = &checks.Suppression{Reason: "agreed"}
		return r
	}
	follows := result(topology.Fail, checks.Error)
	follows.CausedBy = "nat-node-range"
	var (
		failError   = result(topology.Fail, checks.Error)
		failWarning = result(topology.Fail, checks.Warning)
		failInfo    = result(topology.Fail, checks.Info)
		openError   = result(topology.Undecided, checks.Error)
		openWarning = result(topology.Undecided, checks.Warning)
		openInfo    = result(topology.Undecided, checks.Info)
		pass        = result(topology.Pass, checks.Error)
		skip        = result(topology.Skip, checks.Error)
	)
	// What is expected under error, warning, never; then the same under --strict.
	for _, tc := range []struct {
		name    string
		results []checks.Result
		want    [6]int
	}{
		{"nothing", nil, [6]int{}},
		{"pass and skip", []checks.Result{pass, skip}, [6]int{}},
		{"error", []checks.Result{pass, failError}, [6]int{2, 2, 0, 2, 2, 0}},
		{"warning", []checks.Result{failWarning}, [6]int{0, 2, 0, 0, 2, 0}},
		{"info", []checks.Result{failInfo, openInfo}, [6]int{}},
		{"undecided error", []checks.Result{openError}, [6]int{0, 0, 0, 3, 3, 0}},
		{"undecided warning", []checks.Result{openWarning}, [6]int{0, 0, 0, 0, 3, 0}},
		{"undecided before a finding", []checks.Result{openError, failError}, [6]int{2, 2, 0, 2, 2, 0}},
		{"undecided error, failed warning", []checks.Result{failWarning, openError}, [6]int{0, 2, 0, 3, 2, 0}},
		{"exceptions", []checks.Result{accepted(failError), accepted(openError)}, [6]int{}},
		{"what follows from a cause", []checks.Result{follows}, [6]int{2, 2, 0, 2, 2, 0}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for i, want := range tc.want {
				failOn, strict := settings.FailOns[i%3], i >= 3
				if got := exitCode(tc.results, failOn, strict); got != want {
					t.Errorf("--fail-on %s, strict %t: got %d, want %d", failOn, strict, got, want)
				}
			}
		})
	}
}
