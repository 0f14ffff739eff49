package house

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNeighbours holds the guide's claims of where "the subnetwork has a NAT" goes wrong: in each of these plans some gateway names the subnetwork, or all
// of them, and the answer for the nodes' range is another one.
func TestNeighbours(t *testing.T) {
	folder := build(t)
	for _, c := range []struct {
		name, plan, cluster string
		node, pods          string // worst status of nat-node-range and nat-pod-range
		says                string
	}{
		{"an entry with secondary ranges alone", "03-nat-secondary-of-other", "cluster-a", "fail", "pass", `lists only secondary ranges "pods", "services"`},
		{"a PRIVATE gateway", "07-nat-private-type-and-proxy-endpoint", "*c1", "fail", "fail", "PRIVATE"},
		{"a gateway for load balancers alone", "07-nat-private-type-and-proxy-endpoint", "*c2", "fail", "fail", "VM"},
		{"the primary range alone, pods masqueraded", "02-nat-primary-only", "*default_snat", "pass", "fail", ""},
		{"the primary range alone, pods with their own address", "02-nat-primary-only", "*no_snat", "pass", "fail", ""},
		{"all ranges", "01-nat-all-ranges", "*", "pass", "pass", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := filepath.Join(root, "internal", "testdata", "plans", c.plan, "plan.json")
			cmd := exec.Command(filepath.Join(folder, "gkepreflight"), "check", "--plan", plan, "--cluster", c.cluster, "--format", "json", "--fail-on", "never")
			out, err := cmd.Output()
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				t.Fatalf("%v\n%s", err, exit.Stderr)
			}
			var report struct {
				Clusters []struct{ Address string }
				Results  []struct{ Check, Status, Severity, Message string }
			}
			if err := json.Unmarshal(out, &report); err != nil {
				t.Fatal(err)
			}
			if len(report.Clusters) != 1 {
				t.Fatalf("%d clusters match %s", len(report.Clusters), c.cluster)
			}
			worst, said := map[string]string{}, ""
			for _, r := range report.Results {
				if worst[r.Check] != "fail" {
					worst[r.Check] = r.Status
				}
				if r.Check == "nat-node-range" {
					said += r.Message
				}
			}
			if worst["nat-node-range"] != c.node || worst["nat-pod-range"] != c.pods || !strings.Contains(said, c.says) {
				t.Errorf("nat-node-range %s, want %s; nat-pod-range %s, want %s; says %q, want %q", worst["nat-node-range"], c.node, worst["nat-pod-range"], c.pods, said, c.says)
			}
		})
	}
}
