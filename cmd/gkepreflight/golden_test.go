package main

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// What people read of real plans is held by golden files; README shows the first of them.
func TestReportsOfRealPlans(t *testing.T) {
	for _, c := range []struct {
		plan, format string
		args         []string
	}{
		{plan: "03-nat-secondary-of-other", format: "text"},
		{plan: "03-nat-secondary-of-other", format: "json"},
		{plan: "11-update-narrow-nat", format: "text"},
		{plan: "12-k8s-workloads", format: "text"},
		{plan: "13-no-default-route", format: "text"},
		{plan: "14-egress-firewall-private-googleapis", format: "text"},
		{plan: "15-mixed-node-pools", format: "text"},
		{plan: "16-shared-vpc-literals", format: "text"},
		{plan: "18-update-noop", format: "text"},
		{plan: "22-destroy-all", format: "text"},
		{plan: "26-psc-google-apis-no-default-route", format: "text"},
		{plan: "27-dynamic-unknown-set", format: "text", args: []string{"--config-dir", filepath.Join(ownPlans, "27-dynamic-unknown-set", "plan.tfplan")}},
	} {
		t.Run(c.plan+"."+c.format, func(t *testing.T) {
			_, out, stderr := call(t, append([]string{"check", "--format", c.format, "--plan", filepath.Join(ownPlans, c.plan, "plan.json")}, c.args...)...)
			if stderr != "" {
				t.Fatal(stderr)
			}
			golden(t, filepath.Join("testdata", "reports", c.plan+"."+c.format), strings.Replace(out, `"version": "`+toolVersion()+`"`, `"version": "VERSION"`, 1))
		})
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}
