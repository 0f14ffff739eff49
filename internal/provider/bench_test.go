package provider

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/zclconf/go-cty/cty"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/sides"
)

// BenchmarkGate is a typical gate on a first plan and with everything known: our own ModifyPlan, and the whole call with what the framework adds.
func BenchmarkGate(b *testing.B) {
	s := newServer(b)
	for _, run := range []struct {
		name  string
		world map[string]cty.Value
	}{{"first", typical(b)}, {"known", applied(b)}} {
		b.Run(run.name+"/modify", func(b *testing.B) {
			config := s.convert(run.world)
			g, described := newGate().(*gate), resource.SchemaResponse{}
			g.Schema(context.Background(), resource.SchemaRequest{}, &described)
			raw, err := s.pack(s.proposed(config, s.none()), s.gate).Unmarshal(described.Schema.Type().TerraformType(context.Background()))
			if err != nil {
				b.Fatal(err)
			}
			req := resource.ModifyPlanRequest{Plan: tfsdk.Plan{Raw: raw, Schema: described.Schema}}
			for b.Loop() {
				resp := resource.ModifyPlanResponse{Plan: req.Plan}
				if g.ModifyPlan(context.Background(), req, &resp); resp.Diagnostics.HasError() {
					b.Fatal(resp.Diagnostics)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/plan")
		})
		b.Run(run.name+"/call", func(b *testing.B) {
			for b.Loop() {
				if _, d := s.plan(run.world, s.none()); len(d.errors()) > 0 {
					b.Fatal(d)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/plan")
		})
	}
}

// mostAbove is how much more memory the provider may hold, once its schema is served, than one that does nothing but link the same clients, in MiB.
const mostAbove = 12

// BenchmarkStart is a provider's process from its start to the served schema, beside one that does nothing but link the same clients.
func BenchmarkStart(b *testing.B) {
	dir, err := built()
	if err != nil {
		b.Fatal(err)
	}
	bare := filepath.Join(b.TempDir(), "bare")
	// Linked as the provider is, so that both map as much.
	if out, err := exec.Command("go", "build", "-o", bare, "./testdata/bare").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	peaks := map[string]float64{}
	for _, run := range []struct{ name, path string }{{"provider", filepath.Join(dir, "terraform-provider-gkepreflight")}, {"bare", bare}} {
		b.Run(run.name, func(b *testing.B) {
			var all []int64
			for b.Loop() {
				all = append(all, served(b, run.path))
			}
			slices.Sort(all)
			// The median, for the peak of one start also depends on when the collector came.
			peaks[run.name] = float64(all[len(all)/2]) / (1 << 20)
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/start")
			b.ReportMetric(peaks[run.name], "MiB-peak")
		})
	}
	if above := peaks["provider"] - peaks["bare"]; above > mostAbove {
		b.Errorf("the provider holds %.1f MiB more than a bare one: at most %d are promised", above, mostAbove)
	}
}

// served starts a provider, asks for its schema and ends it. The peak of its memory is in bytes, 0 where the system does not tell.
func served(b *testing.B, path string) int64 {
	b.Helper()
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	parts := strings.Split(strings.TrimSpace(line), "|")
	if err != nil || len(parts) < 5 {
		b.Fatalf("no handshake in %q: %v", line, err)
	}
	conn, err := grpc.NewClient(map[string]string{"unix": "unix:", "tcp": "passthrough:///"}[parts[2]]+parts[3],
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close()
	// The messages are the protocol's own; of their fields nothing but that they came is of interest.
	if err := conn.Invoke(context.Background(), "/tfplugin6.Provider/GetProviderSchema", &emptypb.Empty{}, &emptypb.Empty{}); err != nil {
		b.Fatal(err)
	}
	return sides.PeakOf(cmd.Process.Pid)
}

// BenchmarkFiftyGates is terraform plan of fifty gates.
func BenchmarkFiftyGates(b *testing.B) {
	s := covered
	s.gates = strings.Replace(strings.Replace(oneGate, "META", "  count = 50", 1), "local.cluster", "merge(local.cluster, { name = \"c${count.index}\" })", 1)
	f := newFolder(b, "main.tf", s.hcl())
	empty := newFolder(b, "main.tf", required+surroundings[:strings.Index(surroundings, "locals")])
	for _, run := range []struct {
		name string
		folder
	}{{"fifty", f}, {"none", empty}} {
		b.Run(run.name, func(b *testing.B) {
			for b.Loop() {
				run.run("plan").want(b, 0)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/plan")
		})
	}
}
