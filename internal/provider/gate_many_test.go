package provider

import (
	"strings"
	"testing"
)

// TestManyGates: for_each, count and modules, with dependencies in all directions.
func TestManyGates(t *testing.T) {
	t.Parallel()
	gate := func(meta string) string { return strings.Replace(oneGate, "META", meta, 1) }
	forEach := strings.Replace(gate("  for_each    = toset([\"a\", \"b\"])"), "local.cluster", "merge(local.cluster, { name = each.key })", 1)
	for _, test := range []struct {
		name string
		site site
		exit int
		said []string
	}{
		{"for_each", site{gates: forEach}, 0, nil},
		{"for_each, each fails for itself", site{mode: "LIST_OF_SUBNETWORKS", gates: forEach}, 1,
			[]string{`gkepreflight_gate.private["a"]`, `gkepreflight_gate.private["b"]`}},
		{"for_each, warnings are not folded", site{mode: "LIST_OF_SUBNETWORKS", gates: strings.Replace(forEach, "networks ", "fail_on = \"never\"\n  networks ", 1)}, 0,
			[]string{`Warning: nat-node-range: subnetwork "gke" has no Public NAT (cluster "a")`, `(cluster "b")`, "!more similar warning"}},
		{"count", site{gates: gate("  count       = 2")}, 0, nil},
		{"count of none", site{mode: "LIST_OF_SUBNETWORKS", gates: gate("  count       = 0")}, 0, []string{"!nat-node-range"}},
		{"depends_on what is to be made", including(covered, "  depends_on  = [terraform_data.made]"), 0, nil},
		{"depends_on what is to be made, and still fails the plan", including(uncovered, "  depends_on  = [terraform_data.made]"), 1, []string{"Error: nat-node-range"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t, "main.tf", test.site.hcl())
			f.run("plan").want(t, test.exit, test.said...)
			if test.exit == 0 {
				f.run("apply", "-auto-approve").want(t, 0)
				f.run("plan", "-detailed-exitcode").want(t, 0)
			}
		})
	}
}

// TestModules: the network in one module, the gate in another, whole objects passed through outputs and variables of type any.
func TestModules(t *testing.T) {
	t.Parallel()
	network := site{mode: "${var.mode}", gates: "variable \"mode\" {}\noutput \"all\" {\n  value = { cluster = local.cluster, network = local.network, gke = local.gke, other = local.other, router = local.router, nat = local.nat }\n}\n"}
	gate := strings.Replace(strings.NewReplacer("local.", "var.world.", "NATS", "[var.world.nat]").Replace(oneGate), "META", "", 1)
	root := required + `
variable "mode" {
  default = "ALL_SUBNETWORKS_ALL_IP_RANGES"
}
module "network" {
  source = "./network"
  mode   = var.mode
}
module "gate" {
  source     = "./gate"
  for_each   = toset(["one"])
  world      = module.network.all
  depends_on = [module.network]
}
resource "terraform_data" "pool" {
  input = module.gate["one"].passed
}
`
	f := newFolder(t, "main.tf", root, "network/main.tf", network.bare(),
		"gate/main.tf", required+"variable \"world\" {\n  type = any\n}\noutput \"passed\" {\n  value = gkepreflight_gate.private.passed\n}\n"+gate)
	f.run("get").want(t, 0)
	f.run("plan", "-var=mode=LIST_OF_SUBNETWORKS").want(t, 1, `module.gate["one"].gkepreflight_gate.private`, "Error: nat-node-range")
	f.run("apply", "-auto-approve").want(t, 0)
	f.run("plan", "-detailed-exitcode").want(t, 0)
}
