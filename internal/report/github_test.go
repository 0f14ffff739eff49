package report_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// command is a workflow command as the runner reads it.
type command struct {
	level, message string
	properties     map[string]string
}

var (
	isCommand    = regexp.MustCompile(`^::(error|warning|notice) ([^:]*)::(.*)$`)
	unescapeData = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%", "%3A", ":", "%2C", ",")
)

func commands(t *testing.T, r report.Report) (list []command, rest []string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSuffix(string(written(t, "github", r, report.Options{})), "\n"), "\n") {
		m := isCommand.FindStringSubmatch(line)
		if m == nil {
			rest = append(rest, line)
			continue
		}
		c := command{level: m[1], message: unescapeData.Replace(m[3]), properties: map[string]string{}}
		for _, property := range strings.Split(m[2], ",") {
			name, value, ok := strings.Cut(property, "=")
			if !ok || c.properties[name] != "" {
				t.Errorf("broken property %q in %q", property, line)
			}
			c.properties[name] = unescapeData.Replace(value)
		}
		list = append(list, c)
	}
	return list, rest
}

func TestGitHubLimits(t *testing.T) {
	for name, r := range samples() {
		list, rest := commands(t, r)
		count := map[string]int{}
		for _, c := range list {
			count[c.level]++
			if len(c.message) > 4096 || len(c.properties["title"]) > 255 || c.properties["title"] == "" || c.message == "" {
				t.Errorf("%s: message of %d and title of %d bytes", name, len(c.message), len(c.properties["title"]))
			}
		}
		for level, n := range count {
			if n > 10 {
				t.Errorf("%s: %d annotations of level %s", name, n, level)
			}
		}
		if len(rest) == 0 || len(rest) > 2 || !lastLine.MatchString(rest[len(rest)-1]) {
			t.Errorf("%s: besides commands there is %q", name, rest)
		}
	}
}

func TestGitHubCountsTheRest(t *testing.T) {
	of := func(errors, warnings, undecided, notes int) report.Report {
		var j checks.Judgement
		add := func(n int, s topology.Verdict, severity checks.Severity) {
			for i := range n {
				j.Results = append(j.Results, result("a", "nat-overlap", s, severity, fmt.Sprint("message ", i)))
			}
		}
		add(notes, topology.Fail, checks.Info)
		add(undecided, topology.Undecided, checks.Error)
		add(warnings, topology.Fail, checks.Warning)
		add(errors, topology.Fail, checks.Error)
		return made(j)
	}
	const end = "; GitHub shows ten of each level for a step, other formats have all of them"
	for _, tc := range []struct {
		report                    report.Report
		errors, warnings, notices int
		rest                      string
	}{
		{of(0, 0, 0, 0), 0, 0, 0, ""},
		{of(10, 4, 6, 10), 10, 10, 10, ""},
		{of(11, 0, 0, 0), 10, 0, 1, "not annotated: 1 error" + end},
		{of(0, 8, 8, 0), 0, 10, 1, "not annotated: 6 warnings" + end},
		{of(12, 1, 0, 10), 10, 1, 10, "not annotated: 2 errors, 1 notice" + end},
		{of(0, 0, 0, 11), 0, 0, 10, "not annotated: 2 notices" + end},
		{of(10000, 10000, 0, 10000), 10, 10, 10, "not annotated: 9990 errors, 9990 warnings, 9991 notices" + end},
	} {
		list, _ := commands(t, tc.report)
		count := map[string]int{}
		for _, c := range list {
			count[c.level]++
		}
		if count["error"] != tc.errors || count["warning"] != tc.warnings || count["notice"] != tc.notices {
			t.Errorf("got %v, want %d, %d and %d", count, tc.errors, tc.warnings, tc.notices)
		}
		if tc.rest != "" && list[len(list)-1].message != tc.rest {
			t.Errorf("got %q, want %q", list[len(list)-1].message, tc.rest)
		}
	}
}

func TestGitHubAnnotatesWhatIsOpen(t *testing.T) {
	r := full()
	r.Notes = []string{"an exception expired"}
	list, rest := commands(t, r)
	if c := list[1]; c.level != "error" || c.properties["file"] != "network.tf" || c.properties["line"] != "12" ||
		c.properties["title"] != "nat-node-range: google_compute_subnetwork.prod" || !strings.HasPrefix(c.message, `subnetwork "prod" has no Public NAT`) {
		t.Errorf("got %+v", c)
	}
	var all strings.Builder
	for _, c := range list {
		fmt.Fprintln(&all, c.level, c.message)
		if (c.properties["file"] == "") != (c.properties["line"] == "") {
			t.Errorf("a file without a line: %+v", c)
		}
	}
	for want, there := range map[string]bool{
		"error could not be read: 403": true, "warning not decided: zone": true, "warning an exception expired": true,
		"notice range \"pods\"": true, "redis": false,
	} {
		if strings.Contains(all.String(), want) != there {
			t.Errorf("%q: want %v in\n%s", want, there, all.String())
		}
	}
	if len(rest) != 2 || !strings.HasPrefix(rest[0], "NOT DECIDED: 1 clusters") {
		t.Errorf("closes with %q", rest)
	}
}
