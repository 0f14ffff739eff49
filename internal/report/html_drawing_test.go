package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// sketch writes a network as one line for each way: `route ✓, exit ✗ [docker.io ✗]`; a hop that nothing speaks of is bare.
func sketch(n network) string {
	var out []string
	for _, l := range n.lanes {
		var parts, ends []string
		for _, s := range l.hops {
			text := s.name
			if s.told {
				text += " " + sign(s.mark)
			}
			if s.under != "" {
				text += " (" + s.under + ")"
			}
			parts = append(parts, text)
		}
		for _, e := range l.ends {
			ends = append(ends, fmt.Sprintf("%s %s %d", e.name, sign(e.mark), e.count))
		}
		out = append(out, strings.Join(parts, ", ")+" ["+strings.Join(ends, ", ")+"]")
	}
	return strings.Join(out, "; ")
}

func TestNetworkOf(t *testing.T) {
	held := func(check string, status topology.Verdict, hops ...egress.Hop) checks.Result {
		return checks.Result{Check: check, Status: status, Severity: checks.Error, Path: hops,
			Object: checks.Object{Kind: "google_compute_subnetwork", Name: "gke"}, Message: "message of " + check}
	}
	hop := func(name string, status topology.Verdict) egress.Hop {
		return egress.Hop{Name: name, Status: status, Detail: "detail"}
	}
	const pass, fail, open, skip = topology.Pass, topology.Fail, topology.Undecided, topology.Skip
	broken := []egress.Hop{hop("route", pass), hop("firewall", pass), hop("exit", fail)}
	warned := held("nat-node-range", fail, broken...)
	warned.Severity = checks.Warning
	accepted := held("nat-node-range", fail, broken...)
	accepted.Suppressed = &checks.Suppression{Reason: "agreed"}
	named := held("nat-node-range", pass)
	named.Evidence = []egress.Evidence{{Object: "module.net.google_compute_router_nat.this"}}
	gateway := held("nat-capacity", pass)
	gateway.Object = checks.Object{Kind: "google_compute_router_nat", Name: "nat-b"}
	image := func(normalized, via, reachable string) checks.Image {
		return checks.Image{Ref: normalized, Normalized: normalized, Via: via, Reachable: reachable}
	}
	for _, tc := range []struct {
		name    string
		results []checks.Result
		images  []checks.Image
		want    string
	}{
		{"nothing was asked", []checks.Result{held("nat-overlap", pass)}, nil, ""},
		{"the exit is broken", []checks.Result{held("nat-node-range", fail, broken...)}, nil, "route ✓, firewall ✓, exit ✗ []"},
		{"broken for a warning", []checks.Result{warned}, nil, "route ✓, firewall ✓, exit ! []"},
		{"broken under an exception", []checks.Result{accepted}, nil, "route ✓, firewall ✓, exit ! []"},
		{"the worst stays", []checks.Result{held("internet-route", fail, hop("route", fail), hop("firewall", open), hop("exit", pass)), held("nat-node-range", pass)},
			nil, "route ✗, firewall ?, exit ✓ []"},
		{"results that pass draw no path", []checks.Result{held("internet-route", pass), held("egress-firewall", pass), held("nat-node-range", pass)},
			nil, "route ✓, firewall ✓, exit ✓ []"},
		{"not asked for", []checks.Result{held("internet-route", skip), held("nat-node-range", skip)}, nil, "route –, firewall, exit – []"},
		{"Google's way", []checks.Result{held("private-google-access", fail, hop("route", pass), hop("firewall", fail), hop("access", skip)), held("registry-dns", pass)},
			nil, "dns ✓, route ✓, firewall ✗, access – []"},
		{"an image's way to Google", []checks.Result{held("image-reachable", fail, hop("dns", open), hop("access", fail))}, nil,
			"dns ?, route, firewall, access ✗ []"},
		{"a hop that the way seldom has", []checks.Result{held("internet-route", fail, hop("dns", fail), hop("exit", pass))}, nil, "dns ✗, route, firewall, exit ✓ []"},
		{"a hop of tomorrow", []checks.Result{held("internet-route", fail, hop("teleport", fail), hop("route", fail))}, nil, "route ✗, firewall, exit []"},
		{"a gateway is named by what a result rests on", []checks.Result{named}, nil, "route, firewall, exit ✓ (this) []"},
		{"a result about a gateway names it better", []checks.Result{named, gateway}, nil, "route, firewall, exit ✓ (nat-b) []"},
		{"registries by the way to them", nil, []checks.Image{
			image("docker.io/library/nginx:1", "internet", "pass"), image("docker.io/library/redis:7", "none", "fail"), image("docker.io/library/a:1", "mirror", "unknown"),
			image("eu-docker.pkg.dev/p/r/a", "endpoint", "pass"), image("gcr.io/p/a", "unknown", "unknown"), image("k8s.gcr.io/pause", "none", "fail"), image("", "unknown", "unknown"),
			{Ref: "NGINX::", Via: "none", Reachable: "fail"}, // no reference, and so no registry
		}, "route, firewall, exit [docker.io ✗ 2, k8s.gcr.io ✗ 1, not known yet ? 1]; " +
			"dns, route, firewall, access [docker.io (mirror) ? 1, gcr.io ? 1, eu-docker.pkg.dev ✓ 1]"},
		{"rights stand beside the registries", []checks.Result{held("registry-access", fail), held("node-scopes", pass), held("repository", skip)},
			[]checks.Image{image("gcr.io/p/a", "google", "pass")}, "dns, route, firewall, access [right to download ✗ 0, gcr.io ✓ 1]"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := group{Cluster: checks.Cluster{Name: "c", Verdict: checks.ClusterFail}, images: tc.images}
			for i := range tc.results {
				g.results = append(g.results, &tc.results[i])
			}
			if got := sketch(networkOf(&g)); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

// Nothing flows behind a hop that is broken, and nobody knows what flows behind one that is not decided.
func TestFlow(t *testing.T) {
	for want, hops := range map[string][]station{
		"ok ok ok; ok":             {{told: true, mark: tick}, {told: true, mark: tick}, {told: true, mark: tick}},
		"ok ok broken; broken":     {{told: true, mark: tick}, {told: true, mark: cross}, {told: true, mark: tick}},
		"ok open broken; broken":   {{told: true, mark: question}, {told: true, mark: cross}, {told: true, mark: tick}},
		"ok weak weak; weak":       {{told: true, mark: bang}, {told: true, mark: question}, {told: true, mark: tick}},
		"idle idle idle; idle":     {{}, {}, {}},
		"ok idle idle; idle":       {{told: true, mark: dash}, {}, {told: true, mark: tick}},
		"idle idle broken; broken": {{}, {told: true, mark: cross}, {}},
	} {
		var d htmlDrawing
		end := d.lane(&lane{hops: hops}, 0, 100, 10, nil)
		var flows []string
		for _, l := range d.Lines[:len(d.Lines)-1] {
			flows = append(flows, l.Class)
		}
		if got := strings.Join(flows, " ") + "; " + end; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Whatever is drawn lies on the sheet, and no box on another.
func TestDrawingsFitTheSheet(t *testing.T) {
	for ranges := range 12 {
		for images := range 12 {
			g := group{Cluster: checks.Cluster{Name: strings.Repeat("日", 300), Project: "p", Verdict: checks.ClusterWarn}}
			for i := range ranges {
				g.results = append(g.results, &checks.Result{Check: "nat-node-range", Status: topology.Pass, Severity: checks.Error,
					Object: checks.Object{Kind: "google_compute_subnetwork", Name: fmt.Sprint("subnetwork-", i)}})
			}
			for i := range images {
				g.images = append(g.images, checks.Image{Normalized: fmt.Sprintf("r%d.example/a", i), Via: []string{"internet", "google"}[i%2], Reachable: "pass"})
			}
			for _, d := range drawn(&g, "c1", nil) {
				for i, b := range d.Boxes {
					if b.X < 0 || b.Y < 0 || b.X+b.Width > d.Width || b.Y+b.Height > d.Height {
						t.Fatalf("%s, %d ranges, %d images: the box %+v leaves the sheet of %d × %d", d.Class, ranges, images, b, d.Width, d.Height)
					}
					for _, row := range b.Rows {
						if row.Y > b.Height-4 {
							t.Errorf("%s, %d ranges, %d images: a line at %d leaves the box of %d", d.Class, ranges, images, row.Y, b.Height)
						}
					}
					for _, o := range d.Boxes[:i] {
						if b.X < o.X+o.Width && o.X < b.X+b.Width && b.Y < o.Y+o.Height && o.Y < b.Y+b.Height {
							t.Errorf("%s, %d ranges, %d images: boxes lie on each other", d.Class, ranges, images)
						}
					}
				}
				for _, s := range d.Stations {
					if s.X < 0 || s.X > d.Width || s.Y < 0 || s.Y > d.Height {
						t.Errorf("a hop at %d, %d leaves the sheet", s.X, s.Y)
					}
				}
			}
		}
	}
}

func TestDrawingsSayWhatTheyShow(t *testing.T) {
	r := checks.Result{Check: "nat-node-range", Status: topology.Fail, Severity: checks.Error, Path: []egress.Hop{{Name: "exit", Status: topology.Fail, Detail: "no gateway"}}}
	g := group{Cluster: checks.Cluster{Name: "prod", Verdict: checks.ClusterFail}, results: []*checks.Result{&r}, images: []checks.Image{{Normalized: "quay.io/a", Via: "none", Reachable: "fail"}}}
	d := drawn(&g, "c1", map[*checks.Result]string{&r: "r7"})[0]
	if want := "To The internet: route not told, firewall not told, exit failed, quay.io failed. "; d.Text != want || d.Title != "Network of prod" {
		t.Errorf("got %q and %q", d.Title, d.Text)
	}
	exit := d.Stations[len(d.Stations)-1]
	if exit.Href != "#r7" || exit.Text != "exit, failed: no gateway" || exit.Class != "x" {
		t.Errorf("the broken hop does not lead to its result: %+v", exit)
	}
}
