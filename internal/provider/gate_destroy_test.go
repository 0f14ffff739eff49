package provider

import (
	"strings"
	"testing"
)

const lastLine = "  To get past every gate once, as for terraform destroy: GKEPREFLIGHT_ENFORCEMENT=warn"

// TestDestroyGetsThrough: Terraform plans before it destroys, so that a failing gate stands in the way, and its last line says the way past it.
func TestDestroyGetsThrough(t *testing.T) {
	t.Parallel()
	for _, word := range []string{enforceWarn, enforceOff} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t, "main.tf", covered.hcl())
			f.run("apply", "-auto-approve").want(t, 0)
			f.write("main.tf", uncovered.hcl())
			stopped := f.run("destroy", "-auto-approve")
			stopped.want(t, 1)
			if !strings.Contains(stopped.out, lastLine) {
				t.Errorf("the last line of the error is wrapped or missing:\n%s", stopped.out)
			}
			f.run(enforcementVariable+"="+word, "destroy", "-auto-approve").want(t, 0)
		})
	}
}

// TestDestroyWithoutChange: what passes is destroyed without a word, and a plan to destroy everything is not judged.
func TestDestroyWithoutChange(t *testing.T) {
	t.Parallel()
	f := newFolder(t, "main.tf", covered.hcl())
	f.run("apply", "-auto-approve").want(t, 0)
	f.run("plan", "-destroy", "-refresh=false").want(t, 0, "!Warning: gkepreflight")
	f.run("destroy", "-auto-approve").want(t, 0, "!Warning: gkepreflight")
}

// TestEnforcement: the provider block says it, the environment wins.
func TestEnforcement(t *testing.T) {
	t.Parallel()
	block := func(word string) string {
		return "\nprovider \"gkepreflight\" {\n  enforcement = " + word + "\n}\n"
	}
	for _, test := range []struct {
		name, word, env string
		exit            int
		said            []string
	}{
		{name: "error is the default", exit: 1, said: []string{"Error: nat-node-range"}},
		{name: "warn", word: `"warn"`, said: []string{"Warning: nat-node-range"}},
		{name: "off", word: `"off"`, said: []string{"!nat-node-range"}},
		{name: "the environment wins over off", word: `"off"`, env: "error", exit: 1, said: []string{"Error: nat-node-range"}},
		{name: "the environment wins over error", word: `"error"`, env: "off", said: []string{"!nat-node-range"}},
		{name: "unknown enforces", word: "local.made.project", exit: 1, said: []string{"Error: nat-node-range"}},
		{name: "no such word", word: `"maybe"`, exit: 1, said: []string{`"maybe" is not accepted here`, "error, warn, off"}},
		{name: "no such word in the environment", env: "maybe", exit: 1, said: []string{"invalid GKEPREFLIGHT_ENFORCEMENT", `"maybe" is none of error, warn, off`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := uncovered
			if test.word != "" {
				s.more = block(test.word)
			}
			args := []string{"plan"}
			if test.env != "" {
				args = []string{enforcementVariable + "=" + test.env, "plan"}
			}
			newFolder(t, "main.tf", s.hcl()).run(args...).want(t, test.exit, test.said...)
		})
	}
}

// TestPreconditionNeverTraps: functions in preconditions fail a plan and an apply, and no destroy.
func TestPreconditionNeverTraps(t *testing.T) {
	t.Parallel()
	f := newFolder(t, "main.tf", covered.withPrecondition())
	f.run("apply", "-auto-approve").want(t, 0)
	f.write("main.tf", uncovered.withPrecondition())
	f.run("plan").want(t, 1, "subnetwork gke has no NAT", "!Error: nat-node-range")
	f.run("destroy", "-auto-approve").want(t, 0)
}

// withPrecondition is the site with nat_covers in a precondition instead of a gate.
func (s site) withPrecondition() string {
	s.gates = `
resource "terraform_data" "pool" {
  input = "pool"
  lifecycle {
    precondition {
      condition     = provider::gkepreflight::nat_covers(local.gke, [local.router], NATS).primary
      error_message = "subnetwork gke has no NAT"
    }
  }
}
`
	return s.hcl()
}
