package main

import (
	"context"
	"runtime"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// Whatever goes wrong with one call of a read, no result gets better by it, none disappears, what does not rest on the call stays as it is, and the
// report says which permission is missing, or what does not answer.
func TestLiveFaults(t *testing.T) {
	s := googleCloud(t, busyWorld())
	well := runLive(t.Context(), t, s, faultArgs...)
	calls := s.Calls()
	if well.code != found || well.verdicts["covered"] != "pass" || well.verdicts["uncovered"] != "fail" || well.errors != "" || len(calls) < 25 {
		t.Fatalf("without a fault: status %d, %v, errors %q, %d calls, %s %v", well.code, well.verdicts, well.errors, len(calls), well.stderr, well.worst)
	}
	single := func(c fake.Call) bool { return !c.List }
	for _, tc := range []struct {
		fault fake.Fault
		// only chooses the calls that a fault can happen to; nil for all.
		only func(fake.Call) bool
		// says is what a report that lost something says of every call.
		says func(fake.Call) string
	}{
		{fake.Denied(), nil, func(c fake.Call) string { return "403: " + c.Permission + " (roles/" }},
		{fake.Disabled(), nil, permission},
		{fake.Gone(), single, permission},
		{fake.Expired(), nil, func(fake.Call) string { return "401" }},
		{fake.Busy(0), nil, permission},
		{fake.Unavailable(0), nil, permission},
		{fake.NotJSON(), nil, permission},
		{fake.Loop(), func(c fake.Call) bool { return c.List }, permission},
		{fake.Partial(), fake.Call.HasPartial, permission},
	} {
		for _, call := range calls {
			if tc.only != nil && !tc.only(call) {
				continue
			}
			t.Run(tc.fault.Name+" "+call.Path, func(t *testing.T) {
				s.Forget()
				s.Fault(fake.Match{Method: call.Method, Path: call.Path}, tc.fault)
				got := runLive(t.Context(), t, s, faultArgs...)
				if call.Permission == "container.clusters.list" {
					nothingRead(t, got, tc.says(call))
					return
				}
				if undecided := worsened(t, well, got); undecided && !strings.Contains(got.stdout, tc.says(call)) {
					t.Errorf("the report does not say %q", tc.says(call))
				}
				if want := exitOf(got); got.code != want {
					t.Errorf("exit status %d, want %d: %s", got.code, want, got.stderr)
				}
			})
		}
	}
}

func permission(c fake.Call) string { return c.Permission }

// nothingRead holds a run that found no cluster: that is an error of one line, and no report of nothing.
func nothingRead(t *testing.T, got faultRun, says string) {
	t.Helper()
	if got.code != toolFailed || got.stdout != "" || !strings.Contains(got.stderr, says) || strings.Count(got.stderr, "\n") != 1 {
		t.Errorf("status %d, stdout %q, stderr %q, want one line with %q", got.code, got.stdout, got.stderr, says)
	}
}

// exitOf is the exit status that a report's results are worth.
func exitOf(r faultRun) int {
	for _, v := range r.verdicts {
		if v == "fail" {
			return found
		}
	}
	return 0
}

// worsened holds a report against the one without a fault: a result stays, or is undecided. It reports whether one became undecided.
func worsened(t *testing.T, well, got faultRun) bool {
	t.Helper()
	undecided := false
	for key, was := range well.worst {
		is := got.worst[key]
		undecided = undecided || is == "unknown" && was != "unknown"
		if is != was && is != "unknown" {
			t.Errorf("%s was %s, and is %q", key, was, is)
		}
	}
	for cluster := range well.verdicts {
		if got.verdicts[cluster] == "" {
			t.Errorf("cluster %s is gone", cluster)
		}
	}
	return undecided
}

// Connections that break once are tried again, and an empty page is no end of a list: the report is the one without a fault.
func TestLiveHeals(t *testing.T) {
	for _, fault := range []fake.Fault{fake.Reset().First(1), fake.Truncated().First(1), fake.EmptyPage(), fake.Busy(0).First(1)} {
		t.Run(fault.Name, func(t *testing.T) {
			t.Parallel()
			s := googleCloud(t, busyWorld())
			well := runLive(t.Context(), t, s, faultArgs...)
			calls := s.Calls()
			s.Forget()
			for _, c := range calls {
				if fault.Name != "empty page" || c.List {
					s.Fault(fake.Match{Method: c.Method, Path: c.Path}, fault)
				}
			}
			if got := runLive(t.Context(), t, s, faultArgs...); got.stdout != well.stdout || got.code != well.code || len(s.Calls()) <= len(calls) {
				t.Errorf("status %d, want %d; %d calls after %d; another report: %s", got.code, well.code, len(s.Calls()), len(calls), got.stdout)
			}
		})
	}
}

// Lists in many pages are the same lists; a page that is refused takes the whole list with it.
func TestLivePages(t *testing.T) {
	s := googleCloud(t, busyWorld())
	well := runLive(t.Context(), t, s, faultArgs...)
	s.Pages(1)
	if got := runLive(t.Context(), t, s, faultArgs...); got.stdout != well.stdout {
		t.Errorf("another report: %s", got.stdout)
	}
	s.Fault(fake.Match{Permission: "compute.routers.list", Pages: true}, fake.Denied())
	got := runLive(t.Context(), t, s, faultArgs...)
	if !worsened(t, well, got) || !strings.Contains(got.stdout, "403: compute.routers.list") || got.worst["nat-node-range of uncovered"] != "unknown" {
		t.Errorf("half a list of routers was taken for all: %v", got.worst)
	}
}

// An interruption while Google Cloud does not answer is an interruption, and no report of what is not known.
func TestLiveHangs(t *testing.T) {
	for _, asked := range []string{"container.clusters.list", "compute.routes.list", "dns.managedZones.list", "iam.roles.get"} {
		t.Run(asked, func(t *testing.T) {
			s := googleCloud(t, busyWorld())
			s.Fault(fake.Match{Permission: asked}, fake.Hang())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			go func() {
				for s.Waiting() == 0 && ctx.Err() == nil {
					runtime.Gosched()
				}
				cancel()
			}()
			got := runLive(ctx, t, s, faultArgs...)
			if got.code != toolFailed || got.stdout != "" || got.stderr != "gkepreflight: interrupted\n" {
				t.Errorf("status %d, stdout %q, stderr %q", got.code, got.stdout, got.stderr)
			}
		})
	}
}
