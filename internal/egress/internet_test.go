package egress

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func statuses(p Path) string {
	out := ""
	for _, h := range p.Hops {
		out += h.Name + " " + h.Status.String() + ", "
	}
	return out + p.Status.String()
}

func TestInternet(t *testing.T) {
	f := world()
	f.NATs = []*topology.NAT{nat("a")}
	if got := statuses(evaluator(f).Internet(source())); got != "route pass, firewall pass, exit pass, pass" {
		t.Error(got)
	}
	f.Routes = []*topology.Route{route("vpn", "0.0.0.0/0", 1, custom)}
	if got := statuses(evaluator(f).Internet(source())); got != "route unknown, firewall pass, exit skip, unknown" {
		t.Error(got)
	}
	f.Firewalls = []*topology.FirewallRule{rule("d", 1, deny)}
	if got := statuses(evaluator(f).Internet(source())); got != "route unknown, firewall fail, exit skip, fail" {
		t.Error(got)
	}
}

func TestGoogle(t *testing.T) {
	allowVIP := rule("vip", 1, allow, to("199.36.153.8/30"))
	tests := []struct {
		name string
		host string
		f    func(*topology.Facts)
		want string
	}{
		{"default domains", "us-docker.pkg.dev", nil, "dns pass, route pass, firewall pass, access pass, pass"},
		{"default domains, egress denied", "us-docker.pkg.dev", func(f *topology.Facts) {
			f.Firewalls = []*topology.FirewallRule{allowVIP, rule("d", 2, deny)}
		}, "dns pass, route pass, firewall fail, access pass, fail"},
		{"vip, egress denied but to it", "gke.gcr.io", func(f *topology.Facts) {
			gcr(f)
			f.Firewalls = []*topology.FirewallRule{allowVIP, rule("d", 2, deny)}
		}, "dns pass, route pass, firewall pass, access pass, pass"},
		{"vip without a route", "gke.gcr.io", func(f *topology.Facts) { gcr(f); deleted(f) }, "dns pass, route fail, firewall pass, access pass, fail"},
		{"endpoint needs no route", "gcr.io", func(f *topology.Facts) {
			deleted(f)
			f.Endpoints = []*topology.Endpoint{endpoint("psc", net, "10.3.0.5")}
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.3.0.5")}
			f.Firewalls = []*topology.FirewallRule{rule("psc", 1, allow, to("10.3.0.5/32")), rule("d", 2, deny)}
		}, "dns pass, route pass, firewall pass, access pass, pass"},
		{"endpoint needs private google access", "gcr.io", func(f *topology.Facts) {
			f.Subnetworks[0].GoogleAccess = k(false)
			f.Endpoints = []*topology.Endpoint{endpoint("psc", net, "10.3.0.5")}
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.3.0.5")}
		}, "dns pass, route pass, firewall pass, access fail, fail"},
		{"no such host", "gke.gcr.io", func(f *topology.Facts) {
			gcr(f)
			f.RecordSets = f.RecordSets[:1]
		}, "dns fail, route skip, firewall skip, access pass, fail"},
		{"alias to a public name", "gcr.io", func(f *topology.Facts) {
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "CNAME", "googlecode.l.googleusercontent.com.")}
		}, "dns pass, route pass, firewall pass, access pass, pass"},
		{"own private address", "gcr.io", func(f *topology.Facts) {
			f.Responses = []*topology.ResponseRule{response("a", "gcr.io.", "A", "10.9.9.9")}
		}, "dns unknown, route unknown, firewall pass, access pass, unknown"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			f.Subnetworks[0].GoogleAccess = k(true)
			if tt.f != nil {
				tt.f(&f)
			}
			if got := statuses(evaluator(f).Google(source(), tt.host)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestIsolated(t *testing.T) {
	pkg := func(f *topology.Facts) {
		f.Zones = append(f.Zones, zone("pkg", "pkg.dev.", net))
		f.RecordSets = append(f.RecordSets, record("pkg", "A", "*.pkg.dev.", "199.36.153.4"))
	}
	denied := func(f *topology.Facts) { f.Firewalls = []*topology.FirewallRule{rule("d", 1, deny)} }
	tests := []struct {
		name string
		f    []func(*topology.Facts)
		want bool
	}{
		{"no route", []func(*topology.Facts){deleted, gcr, pkg}, true},
		{"egress denied", []func(*topology.Facts){denied, gcr, pkg}, true},
		{"open to the internet", []func(*topology.Facts){gcr, pkg}, false},
		{"only gcr.io steered", []func(*topology.Facts){deleted, gcr}, false},
		{"nothing steered", []func(*topology.Facts){deleted}, false},
		{"a gateway serves the range", []func(*topology.Facts){deleted, gcr, pkg, func(f *topology.Facts) { f.NATs = []*topology.NAT{nat("a")} }}, false},
		{"a custom route may lead out", []func(*topology.Facts){gcr, pkg, func(f *topology.Facts) { f.Routes = []*topology.Route{route("v", "0.0.0.0/0", 1, custom)} }}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := world()
			for _, change := range tt.f {
				change(&f)
			}
			if got := evaluator(f).Isolated(source()); got != tt.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

// What is shared between sources must not be shared too far.
func TestPathsAreNotSharedTooFar(t *testing.T) {
	f := world()
	near := subnetwork("p", region, "near", net)
	near.Primary = prefix("10.20.0.0/20")
	f.Subnetworks = append(f.Subnetworks, near)
	f.Firewalls = []*topology.FirewallRule{rule("d", 1, deny, from("10.10.0.0/20"))}
	f.Routes = []*topology.Route{route("pbr", "0.0.0.0/0", 1, custom, policyFrom("10.10.0.0/20")), route("tagged", "0.0.0.0/0", 1, local, withTags("other"))}
	e := evaluator(f)
	a, b, c := source(), source(), source()
	b.Subnetwork = k(near.ID)
	c.Subnetwork, c.Tags = b.Subnetwork, list("other")
	for _, s := range []struct {
		Source
		want string
	}{{a, "unknown fail"}, {b, "pass pass"}, {c, "fail pass"}, {a, "unknown fail"}} {
		got := e.Route(s.Source, TheInternet).Status.String() + " " + e.Firewall(s.Source, TheInternet).Status.String()
		if got != s.want {
			t.Errorf("got %s, want %s", got, s.want)
		}
	}
	f = world()
	f.Firewalls = []*topology.FirewallRule{rule("d", 1, deny, tags("gke-c-1-node"))}
	e = evaluator(f)
	own, foreign := source(), source()
	foreign.Cluster = &topology.Cluster{Object: topology.Object{ID: "cluster/p/us-central1/d", Name: "d"}}
	wantHop(t, e.Firewall(own, TheInternet), HopFirewall, open, "")
	wantHop(t, e.Firewall(foreign, TheInternet), HopFirewall, pass, "")
}

// Each question reads the collections it depends on and no others. Whether something was seen at all depends on the network,
// so every question may read that.
func TestCollectionsRead(t *testing.T) {
	tests := []struct {
		name string
		ask  func(*Evaluator)
		want []topology.Collection
	}{
		{"coverage", func(e *Evaluator) { e.Coverage(k(gke), k(net), region, PrimaryRange) }, []topology.Collection{topology.Routers}},
		{"route", func(e *Evaluator) { e.Route(source(), TheInternet) }, []topology.Collection{topology.Routes}},
		{"firewall", func(e *Evaluator) { e.Firewall(source(), TheInternet) }, []topology.Collection{topology.Firewalls}},
		{"exit", func(e *Evaluator) { e.Exit(source()) }, []topology.Collection{topology.Routers, topology.Subnetworks}},
		{"resolve", func(e *Evaluator) { e.Resolve(k(net), "gcr.io") }, []topology.Collection{topology.DNS}},
		{"access", func(e *Evaluator) { e.Access(source()) }, []topology.Collection{topology.Routers, topology.Subnetworks}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []topology.Collection
			tt.ask(New(topology.New(world()).Watched(func(c topology.Collection) {
				if c != topology.Networks && !slices.Contains(got, c) {
					got = append(got, c)
				}
			})))
			slices.Sort(got)
			if !slices.Equal(got, tt.want) {
				t.Errorf("read %v, want %v", got, tt.want)
			}
		})
	}
}

// fleet is many clusters: each with a network of its own, or all in one with a listing gateway each.
func fleet(n int, apart bool) (topology.Facts, []Source) {
	var f topology.Facts
	var sources []Source
	for i := range n {
		name := fmt.Sprint("n", i)
		where := net
		if apart {
			where = networkID("p", name)
		}
		if apart || i == 0 {
			of := network("p", name)
			of.ID = where
			f.Networks = append(f.Networks, of)
		}
		f.Subnetworks = append(f.Subnetworks, subnetwork("p", region, name, where))
		f.Routers = append(f.Routers, router("p", region, name, where))
		id := subnetworkID("p", region, name)
		f.NATs = append(f.NATs, nat(name, in("p", region, name), entries(entry(id, list()))))
		f.Routes = append(f.Routes, route(name, "10.0.0.0/8", 1, custom, func(r *topology.Route) { r.Network = k(where) }))
		f.Firewalls = append(f.Firewalls, rule(name, 1, deny, to("10.0.0.0/8"), func(r *topology.FirewallRule) { r.Network = k(where) }))
		z := zone(name, "gcr.io.", where)
		f.Zones = append(f.Zones, z)
		f.RecordSets = append(f.RecordSets, record(name, "A", "*.gcr.io.", vips...))
		s := source()
		c := *s.Cluster
		c.ID = topology.ID(name)
		s.Cluster, s.Network, s.Subnetwork = &c, k(where), k(id)
		sources = append(sources, s)
	}
	return f, sources
}

func TestFleet(t *testing.T) {
	for _, apart := range []bool{true, false} {
		f, sources := fleet(4000, apart)
		e := evaluator(f)
		start := time.Now()
		for _, s := range sources {
			if p := e.Internet(s); p.Status != pass {
				t.Fatalf("%+v", p)
			}
			if p := e.Google(s, "gke.gcr.io"); p.Status != pass {
				t.Fatalf("%+v", p)
			}
		}
		t.Logf("apart %t: %s", apart, time.Since(start))
	}
}

func BenchmarkFleet(b *testing.B) {
	f, sources := fleet(4000, true)
	t := topology.New(f)
	b.ReportAllocs()
	for b.Loop() {
		e := New(t)
		for _, s := range sources {
			e.Internet(s)
			e.Google(s, "gke.gcr.io")
		}
	}
}
