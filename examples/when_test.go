package examples

import (
	"path/filepath"
	"strings"
	"testing"
)

const warn = "GKEPREFLIGHT_ENFORCEMENT=warn"

// step is one command and what becomes of it.
type step struct {
	args  string
	fails bool
}

func walk(t *testing.T, w workspace, finding string, steps []step) {
	t.Helper()
	for _, s := range steps {
		args := strings.Fields(s.args)
		at := 0
		if strings.HasPrefix(args[0], "GKEPREFLIGHT_") {
			at = 1
		}
		args = append(args[:at+1:at+1], append([]string{"-no-color"}, args[at+1:]...)...)
		status, out := w.run(args...)
		if failed := status != 0; failed != s.fails {
			t.Fatalf("%s: exit status %d\n%s", s.args, status, out)
		}
		if s.fails && !strings.Contains(out, finding) {
			t.Errorf("%s fails for another reason:\n%s", s.args, out)
		}
	}
}

// These tests are the table of the guide "What stops the plan, and when", row by row.

func TestWhenAGateStops(t *testing.T) {
	w := newWorkspace(t, filepath.Join("demo", "broken"))
	walk(t, w, "Error: nat-node-range", []step{
		{"validate", false},
		{"plan", true},
		{"plan -target=terraform_data.vpc", false},
		{warn + " plan -out=saved", false},
		{"apply saved", true},
		{warn + " apply -auto-approve", false},
		{"plan", true},
		{"plan -refresh=false", true},
		{"plan -refresh-only", false},
		{"plan -destroy", true},
		{"destroy -auto-approve", true},
		{warn + " destroy -auto-approve", false},
	})
}

func TestWhenAPreconditionStops(t *testing.T) {
	w := newWorkspace(t, filepath.Join("functions", "nat_covers"))
	w.write("main.tf", w.read("function.tf")+"\nresource \"terraform_data\" \"vpc\" {}\n")
	w.write("function.tf", "")
	const gap = `"LIST_OF_SUBNETWORKS"`
	w.edit(`"ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES"`, gap+"\n    subnetwork = []")
	finding := "Error: Resource precondition failed"
	walk(t, w, finding, []step{
		{"validate", false},
		{"plan", true},
		{warn + " plan", true},
		{"plan -target=terraform_data.vpc", false},
	})
	w.edit(".primary\n", ".primary || true\n")
	walk(t, w, finding, []step{{"apply -auto-approve", false}})
	w.edit(".primary || true\n", ".primary\n")
	walk(t, w, finding, []step{
		{"plan", true},
		{"plan -refresh=false", true},
		{"plan -refresh-only", false},
		{"plan -destroy", false},
		{"destroy -auto-approve", false},
	})
}

// TestWhenOnlyApplyDecides: the gateway lists a subnetwork whose name only apply knows.
func TestWhenOnlyApplyDecides(t *testing.T) {
	late := "\nresource \"terraform_data\" \"late\" {\n  input = \"bastion\"\n}\n"
	t.Run("gate", func(t *testing.T) {
		w := newWorkspace(t, filepath.Join("demo", "broken"))
		w.edit(`local.subnetworks["bastion"].name`, "terraform_data.late.output")
		w.edit(`[local.subnetworks["gke"]]`, "values(local.subnetworks)")
		w.write("late.tf", late)
		if _, out := w.run("plan", "-no-color"); !strings.Contains(out, "Warning: gkepreflight_gate") {
			t.Errorf("no warning that only apply decides:\n%s", out)
		}
		walk(t, w, "Error: nat-node-range", []step{{"plan", false}, {"apply -auto-approve", true}})
		_, made := w.run("state", "list")
		if !strings.Contains(made, "terraform_data.late") || strings.Contains(made, "terraform_data.pool") {
			t.Errorf("made before it failed:\n%s", made)
		}
	})
	t.Run("precondition", func(t *testing.T) {
		w := newWorkspace(t, filepath.Join("functions", "nat_covers"))
		w.write("main.tf", w.read("function.tf"))
		w.write("function.tf", "")
		w.edit(`"ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES"`, "\"LIST_OF_SUBNETWORKS\"\n    subnetwork = [{ name = terraform_data.late.output, source_ip_ranges_to_nat = [\"ALL_IP_RANGES\"] }]")
		w.write("late.tf", late)
		walk(t, w, "Error: Resource precondition failed", []step{{"plan", false}, {"apply -auto-approve", true}})
		if _, made := w.run("state", "list"); strings.Contains(made, "terraform_data.pool") {
			t.Errorf("made before it failed:\n%s", made)
		}
	})
}
