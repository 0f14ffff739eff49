package provider

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// standIn is the example module with terraform_data in the place of the google provider's resources, their conditions kept.
func standIn(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../examples/gates-its-own-cluster/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	file, diags := hclwrite.ParseConfig(text, "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	conditions := 0
	for _, b := range file.Body().Blocks() {
		if b.Type() == "terraform" {
			b.Body().FirstMatchingBlock("required_providers", nil).Body().RemoveAttribute("google")
			b.Body().FirstMatchingBlock("required_providers", nil).Body().RemoveAttribute("gkepreflight")
			b.Body().RemoveBlock(b.Body().FirstMatchingBlock("required_providers", nil))
			continue
		}
		if b.Type() != "resource" {
			continue
		}
		b.SetLabels([]string{"terraform_data", b.Labels()[0]})
		for name := range b.Body().Attributes() {
			b.Body().RemoveAttribute(name)
		}
		for _, inner := range b.Body().Blocks() {
			if inner.Type() != "lifecycle" {
				b.Body().RemoveBlock(inner)
			} else {
				conditions++
			}
		}
	}
	if conditions == 0 {
		t.Fatal("the example has no condition left to test")
	}
	return string(file.Bytes())
}

// TestModuleGatesItsOwnCluster: the example module makes no cluster where its nodes could not pull, says why in the plan, and lets itself be destroyed.
func TestModuleGatesItsOwnCluster(t *testing.T) {
	t.Parallel()
	s, env := cloud(t, shop())
	caller := func(subnetwork, account string) string {
		pods := map[string]string{"gke": "pods", "lonely": "lonely-pods"}[subnetwork]
		return required + "module \"cluster\" {\n  source = \"./cluster\"\n  project = \"shop\"\n  name = \"new\"\n  pod_range = \"" + pods + "\"\n" +
			"  subnetwork = \"projects/shop/regions/europe-west4/subnetworks/" + subnetwork + "\"\n  node_account = \"" + account + "@shop.iam.gserviceaccount.com\"\n" +
			"  repository = \"projects/shop/locations/europe/repositories/apps\"\n}\n"
	}
	f := newFolder(t, "cluster/main.tf", strings.Replace(standIn(t), "terraform {", "terraform {\n  required_providers {\n    gkepreflight = { source = \"gkepreflight/gkepreflight\" }\n  }", 1), "main.tf", caller("lonely", "nodes"))
	f.run("get").want(t, 0)
	f.run(append(env, "plan")...).want(t, 1, "Resource precondition failed", "The nodes could not pull their images.", "nat-node-range: subnetwork \"lonely\"", "!registry-access:")
	f.write("main.tf", caller("gke", "other"))
	f.run(append(env, "plan")...).want(t, 1, "registry-access: the path is open, but", "!nat-node-range:")
	f.write("main.tf", caller("gke", "nodes"))
	f.run(append(env, "apply", "-auto-approve")...).want(t, 0, "2 added")
	f.write("main.tf", caller("lonely", "nodes"))
	f.run(append(env, "destroy", "-auto-approve")...).want(t, 0, "2 destroyed")
	if len(s.Calls()) == 0 {
		t.Error("nobody was asked")
	}
}
