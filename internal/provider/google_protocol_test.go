package provider

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// blockFor is a server whose provider block leads to a world, without the environment.
func blockFor(t *testing.T, w fake.World) (server, *fake.Server) {
	t.Helper()
	at, _ := cloud(t, w)
	block := map[string]cty.Value{"access_token": cty.StringVal(accessToken), "project": cty.StringVal("shop"), "region": cty.StringVal("europe-west4")}
	for name, url := range at.Endpoints() {
		block[name+"_custom_endpoint"] = cty.StringVal(url)
	}
	s := newServer(t)
	s.configured(block)
	return s, at
}

// shape is the type of a data source.
func (s server) shape(name string) cty.Type {
	s.t.Helper()
	schema, err := s.rpc.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		s.t.Fatal(err)
	}
	return typeOf(s.t, schema.DataSourceSchemas[name])
}

// reader reads a data source; it may be called at once from many goroutines.
func (s server) reader(name string, arguments map[string]cty.Value) func(context.Context) (cty.Value, diagnostics) {
	s.t.Helper()
	shape := s.shape(name)
	config, err := convert.Convert(cty.ObjectVal(arguments), lax(shape))
	if err != nil {
		s.t.Fatal(err)
	}
	packed := s.pack(config, shape)
	return func(ctx context.Context) (cty.Value, diagnostics) {
		resp, err := s.rpc.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: packed})
		if err != nil {
			s.t.Error(err)
			return cty.NilVal, nil
		}
		return s.unpack(resp.State, shape), resp.Diagnostics
	}
}

// listed is a list of strings as a configuration has it.
func listed(list ...string) cty.Value {
	var values []cty.Value
	for _, s := range list {
		values = append(values, cty.StringVal(s))
	}
	return cty.ListVal(values)
}

// calls are what a world was asked, counted by method and path.
func calls(s *fake.Server) map[string]int {
	n := map[string]int{}
	for _, c := range s.Calls() {
		n[c.Method+" "+c.Path]++
	}
	return n
}

var fine = map[string]cty.Value{"name": cty.StringVal("fine"), "images": listed("europe-docker.pkg.dev/shop/apps/web:1")}

// TestReadsAtOnce: data sources that Terraform reads at once put each question once, and each has its own answer.
func TestReadsAtOnce(t *testing.T) {
	s, at := blockFor(t, shop())
	all := []struct {
		name, verdict string
		arguments     map[string]cty.Value
	}{
		{"gkepreflight_cluster", "pass", fine},
		{"gkepreflight_cluster", "fail", map[string]cty.Value{"name": cty.StringVal("lost"), "fail_on": cty.StringVal("never"), "images": fine["images"]}},
		{"gkepreflight_nat_coverage", "pass", map[string]cty.Value{"subnetwork": cty.StringVal("gke")}},
		{"gkepreflight_artifact_registry", "pass", map[string]cty.Value{"subnetwork": cty.StringVal("gke"), "repository": cty.StringVal("europe-docker.pkg.dev/shop/apps"),
			"service_account": cty.StringVal("nodes@shop.iam.gserviceaccount.com")}},
	}
	var group sync.WaitGroup
	for i := range 12 {
		want := all[i%len(all)]
		read := s.reader(want.name, want.arguments)
		group.Go(func() {
			v, d := read(context.Background())
			if len(d.errors()) > 0 || v.IsNull() || v.GetAttr("verdict").AsString() != want.verdict {
				t.Errorf("%s: %#v\n%s", want.name, v, d)
			}
		})
	}
	group.Wait()
	for call, n := range calls(at) {
		if n != 1 {
			t.Errorf("%d times %s", n, call)
		}
	}
	if len(at.Calls()) == 0 {
		t.Error("nothing was asked")
	}
}

// TestInterruptedRead: a read that Terraform gives up ends at once and says so, and what it was waiting for is asked anew by the next.
func TestInterruptedRead(t *testing.T) {
	for name, match := range map[string]fake.Match{
		"clusters": {Permission: "container.clusters.list"},
		"routers":  {Permission: "compute.routers.list"},
		"policies": {Permission: "artifactregistry.repositories.getIamPolicy"},
	} {
		t.Run(name, func(t *testing.T) {
			s, at := blockFor(t, shop())
			at.Fault(match, fake.Hang().First(1))
			read := s.reader("gkepreflight_cluster", fine)
			ctx, cancel := context.WithCancel(context.Background())
			ended := make(chan diagnostics)
			go func() {
				_, d := read(ctx)
				ended <- d
			}()
			for at.Waiting() == 0 {
				runtime.Gosched()
			}
			cancel()
			if d := <-ended; len(d.errors()) != 1 || !strings.Contains(d.errors()[0].Summary, "interrupted") {
				t.Errorf("interrupted: %s", d)
			}
			v, d := read(context.Background())
			if len(d) > 0 || v.GetAttr("verdict").AsString() != "pass" {
				t.Errorf("read again: %#v\n%s", v, d)
			}
		})
	}
}

// TestOneIsInterrupted: of two that wait for the same answer one may leave; the other has it, and it was asked for once.
func TestOneIsInterrupted(t *testing.T) {
	s, at := blockFor(t, shop())
	at.Fault(fake.Match{Permission: "compute.routers.list"}, fake.Status(503, "").First(1)) // asked again after a while, so that there is something to wait for
	read := s.reader("gkepreflight_cluster", fine)
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	group.Go(func() { read(ctx) })
	group.Go(func() {
		if v, d := read(context.Background()); len(d) > 0 || v.GetAttr("verdict").AsString() != "pass" {
			t.Errorf("the one that stayed: %#v\n%s", v, d)
		}
	})
	for at.Counts()["compute.routers.list"] == 0 {
		runtime.Gosched()
	}
	cancel()
	group.Wait()
	if n := at.Counts()["container.clusters.list"]; n != 1 {
		t.Errorf("%d lists of clusters", n)
	}
}

// TestTimeout: a read that had all its time says what is undecided because of it, and does not stop the plan.
func TestTimeout(t *testing.T) {
	s, at := blockFor(t, shop())
	at.Fault(fake.Match{Permission: "compute.routers.list"}, fake.Hang())
	arguments := maps.Clone(fine)
	arguments["timeout"] = cty.StringVal("2s")
	v, d := s.reader("gkepreflight_cluster", arguments)(context.Background())
	if len(d.errors()) > 0 || v.GetAttr("verdict").AsString() != "unknown" || !strings.Contains(fmt.Sprint(d), "timed out: compute.routers.list") {
		t.Errorf("%#v\n%s", v, d)
	}
}

// workloads adds to an export so many deployments of the cluster "fine", each of an image of its own.
func workloads(n int) string {
	var b strings.Builder
	for i := range n {
		name := fmt.Sprint("app", i)
		fmt.Fprintf(&b, `{"name":"//container.googleapis.com/projects/shop/locations/europe-west4/clusters/fine/k8s/namespaces/default/apps/deployments/%s",`+
			`"asset_type":"apps.k8s.io/Deployment","resource":{"data":{"metadata":{"name":%q,"namespace":"default"},"spec":{"template":{"spec":{"containers":[{"name":"c","image":"registry.example.com/%s:1"}]}}}}}}`+"\n", name, name, name)
	}
	return b.String()
}

// TestExportAtOnce: data sources share an export, and none sees the images that another declares.
func TestExportAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "org.ndjson")
	if err := os.WriteFile(file, []byte(exportLines+workloads(5)), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	s.configured(map[string]cty.Value{"project": cty.StringVal("shop"), "assets_file": cty.StringVal(file)})
	said := make([]string, 10)
	var group sync.WaitGroup
	for i := range said {
		read := s.reader("gkepreflight_cluster", map[string]cty.Value{"name": cty.StringVal("fine"), "fail_on": cty.StringVal("never"), "images": listed(fmt.Sprintf("docker.io/library/own%d:1", i))})
		group.Go(func() {
			v, d := read(context.Background())
			said[i] = fmt.Sprintf("%#v%s", v, d)
		})
	}
	group.Wait()
	for i, text := range said {
		for j := range said {
			if told := strings.Contains(text, fmt.Sprintf("own%d:1", j)); told != (i == j) {
				t.Errorf("data source %d tells of image %d: %v", i, j, told)
			}
		}
	}
}

// TestInterruptedExport: an export that was given up is read by the next that asks.
func TestInterruptedExport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "org.ndjson")
	if err := os.WriteFile(file, []byte(exportLines), 0o600); err != nil {
		t.Fatal(err)
	}
	s := newServer(t)
	s.configured(map[string]cty.Value{"project": cty.StringVal("shop"), "assets_file": cty.StringVal(file)})
	read := s.reader("gkepreflight_cluster", map[string]cty.Value{"name": cty.StringVal("fine")})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, d := read(ctx); len(d.errors()) != 1 || !strings.Contains(d.errors()[0].Summary, "interrupted") {
		t.Errorf("interrupted: %s", d)
	}
	if v, d := read(context.Background()); len(d.errors()) > 0 || v.GetAttr("private_nodes").AsString() != "all" {
		t.Errorf("read again: %#v\n%s", v, d)
	}
}

// TestSecretsOfTheBlock: neither the state nor a diagnostic holds what the provider block was given.
func TestSecretsOfTheBlock(t *testing.T) {
	for name, fault := range map[string]fake.Fault{"expired": fake.Expired(), "it repeats the token": fake.Status(400, `{"error":{"code":400,"message":"bad header Bearer `+accessToken+`"}}`)} {
		s, at := blockFor(t, shop())
		at.Fault(fake.Match{}, fault)
		v, d := s.reader("gkepreflight_cluster", fine)(context.Background())
		if text := fmt.Sprintf("%#v%s", v, d); strings.Contains(text, accessToken) || len(d) == 0 {
			t.Errorf("%s: %s", name, text)
		}
		if !slices.Contains(at.Tokens(), accessToken) {
			t.Errorf("%s: asked with another token", name)
		}
	}
}
