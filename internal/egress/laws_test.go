package egress

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// crowd is a world in which every kind of fact meets others of its kind: near misses, namesakes, ties and what is not known.
func crowd() topology.Facts {
	hub, shared := networkID("p", "hub"), networkID("q", "net")
	f := world()
	near := subnetwork("p", region, "near", net)
	near.Primary, near.GoogleAccess = prefix("10.20.0.0/20"), k(true)
	far := subnetwork("p", "us-east1", "far", net)
	far.Primary = prefix("10.30.0.0/20")
	f.Networks = append(f.Networks, network("p", "hub"), &topology.Network{Object: object("network", "q", "global", "net", false)})
	f.Subnetworks = append(f.Subnetworks, near, far, subnetwork("q", region, "gke", shared))
	f.Routers = append(f.Routers, router("p", "us-east1", "e", net), router("p", region, "h", hub), router("q", region, "q", shared))
	f.NATs = []*topology.NAT{
		nat("primary", entries(entry(gke, list(topology.EntryPrimary)))),
		nat("pods", entries(entry(near.ID, list(topology.EntrySecondary), "pods"))),
		nat("private", kind("PRIVATE")),
		nat("east", in("p", "us-east1", "e")),
		nat("hub", in("p", region, "h")),
		nat("shared", in("q", region, "q"), mode(topology.AllPrimaryRanges)),
		nat("perhaps", func(n *topology.NAT) { n.Router = u[topology.ID](); n.Type = u[string]() }),
	}
	f.Routes = []*topology.Route{
		route("vip", "199.36.153.8/30", 1000, gateway0),
		route("proxy", "0.0.0.0/0", 900, custom, withTags("proxied")),
		route("gateway", "0.0.0.0/0", 900, gateway0, withTags("direct", "proxied")),
		route("learned", "0.0.0.0/0", 500, custom, learned("us-east1")),
		route("steered", "0.0.0.0/0", 10, custom, policyFrom("10.20.0.0/20")),
		route("exempt", "0.0.0.0/0", 5, local, policyFrom("10.20.0.0/24")),
		route("somebody's", "128.0.0.0/1", 100, custom, func(r *topology.Route) { r.Network = u[topology.ID]() }),
		route("hub", "0.0.0.0/0", 100, local, func(r *topology.Route) { r.Network = k(hub) }),
	}
	f.Firewalls = []*topology.FirewallRule{
		rule("org", 1, next, above("org", 0, true)),
		rule("org-late", 2, deny, above("org", 0, true), to("8.0.0.0/7")),
		rule("somewhere", 5, allow, above("other-org", 1, false), to("140.82.112.0/20")),
		rule("deny", 1000, deny, tags("locked")),
		rule("tie", 1000, allow, tags("locked")),
		rule("clustered", 900, allow, tags("gke-c-1-node")),
		rule("account", 800, deny, runs("batch@p.iam.gserviceaccount.com")),
		rule("near", 700, deny, from("10.20.0.0/24")),
		rule("vip", 1, allow, global, to("199.36.153.8/30")),
		rule("late", 9, deny, inPolicy(topology.LayerGlobalPolicy, "a", 5000), to("199.36.153.0/28")),
		rule("early", 9, allow, inPolicy(topology.LayerGlobalPolicy, "z", 10), carry(topology.Protocol{Name: "udp"})),
		rule("regional", 1, deny, regional("us-east1")),
	}
	f.Zones = []*topology.Zone{zone("gcr", "gcr.io.", net), zone("apis", "googleapis.com.", net, hub), zone("pkg", "pkg.dev.", hub), zone("peer", "pkg.dev.", net)}
	f.Zones[3].PeerNetwork = &[]topology.Value[topology.ID]{k(hub)}[0]
	f.RecordSets = []*topology.RecordSet{
		record("gcr", "A", "gcr.io.", vips...), record("gcr", "CNAME", "*.gcr.io.", "gcr.io."), record("gcr", "A", "eu.gcr.io.", "10.3.0.5"),
		record("apis", "CNAME", "*.googleapis.com.", "restricted.googleapis.com."), record("apis", "A", "restricted.googleapis.com.", "199.36.153.4", "199.36.153.5"),
		record("pkg", "A", "*.pkg.dev.", "199.36.153.4"),
	}
	f.Responses = []*topology.ResponseRule{response("asia", "asia.gcr.io.", "A", "142.250.1.82"), response("asia6", "asia.gcr.io.", "AAAA", "2600:2d00:2:2000::")}
	f.Endpoints = []*topology.Endpoint{endpoint("psc", net, "10.3.0.5"), endpoint("theirs", hub, "10.3.0.6")}
	return f
}

// askers are sources that differ in one thing each, so that an answer kept for one and given to another shows.
func askers() []Source {
	near, far, theirs := subnetworkID("p", region, "near"), subnetworkID("p", "us-east1", "far"), subnetworkID("q", region, "gke")
	changes := []func(*Source){
		func(*Source) {},
		func(s *Source) { s.Subnetwork = k(near) },
		func(s *Source) { s.Subnetwork = u[topology.ID]() },
		func(s *Source) { s.Subnetwork, s.Region = k(far), "us-east1" },
		func(s *Source) { s.Region = "" },
		func(s *Source) { s.Tags = list("proxied") },
		func(s *Source) { s.Tags = list("direct") },
		func(s *Source) { s.Tags = list("locked") },
		func(s *Source) { s.Tags = u[[]string]() },
		func(s *Source) { s.ServiceAccount = k("batch@p.iam.gserviceaccount.com") },
		func(s *Source) { s.ServiceAccount = u[string]() },
		func(s *Source) {
			s.Cluster = &topology.Cluster{Object: topology.Object{ID: "cluster/p/us-central1/d", Name: "d", Project: "p", Created: true}, PrivateNodes: k(true)}
			s.Subnetwork = u[topology.ID]()
		},
		func(s *Source) { s.Network, s.Subnetwork = k(networkID("q", "net")), k(theirs) },
		func(s *Source) { s.Network = u[topology.ID]() },
		func(s *Source) { s.Network, s.Subnetwork = k(networkID("p", "hub")), u[topology.ID]() },
		func(s *Source) { s.Network, s.Subnetwork = u[topology.ID](), u[topology.ID]() },
	}
	out := make([]Source, len(changes))
	for i, change := range changes {
		out[i] = source()
		change(&out[i])
	}
	return out
}

// question put to an evaluator about a source, and the whole of its answer in words.
type asked struct {
	name   string
	answer func(*Evaluator, Source) string
}

func asks() []asked {
	path := func(p Path) string { return fmt.Sprint(p.Status, " ", hops(p.Hops...)) }
	list := []asked{
		{"the internet", func(e *Evaluator, s Source) string { return path(e.Internet(s)) }},
		{"access", func(e *Evaluator, s Source) string { h, reason := e.Access(s); return hops(h) + string(reason) }},
		{"isolated", func(e *Evaluator, s Source) string { return fmt.Sprint(e.Isolated(s)) }},
	}
	for _, host := range []string{"us-docker.pkg.dev", "gcr.io", "eu.gcr.io", "asia.gcr.io", "storage.googleapis.com", "example.com"} {
		list = append(list, asked{host, func(e *Evaluator, s Source) string { return path(e.Google(s, host)) }})
	}
	for _, r := range []Range{PrimaryRange, secondary("pods"), {Name: u[string](), Created: true}, {Name: u[string]()}} {
		list = append(list, asked{fmt.Sprint("range ", r.Name.Or("?"), r.Primary, r.Created), func(e *Evaluator, s Source) string {
			c := e.Coverage(s.Subnetwork, s.Network, s.Region, r)
			text := fmt.Sprint(c.Verdict, c.Why, c.Evidence)
			for _, g := range c.Gateways {
				text += " by " + g.Name
			}
			for _, m := range c.Misses {
				text += " not " + m.NAT.Name + " " + m.Why
			}
			return text
		}})
	}
	// Destinations of one name that differ in where they are.
	for _, d := range []Destination{{}, {Google: true}, {Prefixes: []netip.Prefix{privateVIP}}, {Prefixes: []netip.Prefix{restrictedVIP}}, {Prefixes: []netip.Prefix{privateVIP, restrictedVIP}},
		{Prefixes: []netip.Prefix{netip.MustParsePrefix("130.0.0.0/8"), netip.MustParsePrefix("8.8.8.8/32")}}} {
		d.Name = "it"
		list = append(list, asked{fmt.Sprint("to ", d.Prefixes, d.Google), func(e *Evaluator, s Source) string { return hops(e.Route(s, d), e.Firewall(s, d)) }})
	}
	return list
}

func hops(list ...Hop) string {
	var b strings.Builder
	for _, h := range list {
		fmt.Fprintf(&b, "[%s %s %q %v custom %t", h.Name, h.Status, h.Detail, h.Evidence, h.Custom)
		if h.Object != nil {
			b.WriteString(" " + h.Object.Address)
		}
		b.WriteString("]")
	}
	return b.String()
}

// What an evaluator keeps changes no answer: asked everything by everybody, it says what a fresh one says to each alone.
func TestAnswersAreNotSharedTooFar(t *testing.T) {
	facts := topology.New(crowd())
	e, random, sources := New(facts), rand.New(rand.NewPCG(3, 4)), askers()
	random.Shuffle(len(sources), func(i, j int) { sources[i], sources[j] = sources[j], sources[i] })
	for _, s := range sources {
		for _, q := range asks() {
			if got, want := q.answer(e, s), q.answer(New(facts), s); got != want {
				t.Fatalf("%s: an evaluator that was asked before says\n%s\na fresh one\n%s", q.name, got, want)
			}
		}
	}
}

// The order in which sources tell of facts changes no answer, to the letter.
func TestTheOrderOfFactsDoesNotShow(t *testing.T) {
	say := func(f topology.Facts) []string {
		e := evaluator(f)
		var out []string
		for _, s := range askers() {
			for _, q := range asks() {
				out = append(out, q.name+": "+q.answer(e, s))
			}
		}
		return out
	}
	want := say(crowd())
	random := rand.New(rand.NewPCG(1, 2))
	for range 4 {
		f := crowd()
		v := reflect.ValueOf(&f).Elem()
		for i := range v.NumField() {
			random.Shuffle(v.Field(i).Len(), reflect.Swapper(v.Field(i).Interface()))
		}
		for i, got := range say(f) {
			if got != want[i] {
				t.Fatalf("got  %s\nwant %s", got, want[i])
			}
		}
	}
}

// More knowledge never turns a verdict round: where a fact that was not known becomes known, pass stays pass and fail stays fail.
func TestKnowingMoreNeverTurnsAVerdictRound(t *testing.T) {
	for _, c := range []struct {
		name    string
		unknown func(*topology.Facts, *Source)
		known   []func(*topology.Facts, *Source)
	}{
		{
			name:    "the type of a gateway",
			unknown: func(f *topology.Facts, _ *Source) { f.NATs[0].Type = u[string]() },
			known: []func(*topology.Facts, *Source){
				func(f *topology.Facts, _ *Source) { f.NATs[0].Type = k("PUBLIC") },
				func(f *topology.Facts, _ *Source) { f.NATs[0].Type = k("PRIVATE") },
			},
		},
		{
			name:    "the tags of the nodes",
			unknown: func(_ *topology.Facts, s *Source) { s.Tags = u[[]string]() },
			known: []func(*topology.Facts, *Source){
				func(_ *topology.Facts, s *Source) { s.Tags = list() },
				func(_ *topology.Facts, s *Source) { s.Tags = list("proxied") },
				func(_ *topology.Facts, s *Source) { s.Tags = list("direct", "locked") },
			},
		},
		{
			name:    "the network of a route",
			unknown: func(f *topology.Facts, _ *Source) { f.Routes[6].Network = u[topology.ID]() },
			known: []func(*topology.Facts, *Source){
				func(f *topology.Facts, _ *Source) { f.Routes[6].Network = k(net) },
				func(f *topology.Facts, _ *Source) { f.Routes[6].Network = k(networkID("p", "hub")) },
			},
		},
		{
			name:    "the priority of a rule",
			unknown: func(f *topology.Facts, _ *Source) { f.Firewalls[6].Priority = u[int]() },
			known: []func(*topology.Facts, *Source){
				func(f *topology.Facts, _ *Source) { f.Firewalls[6].Priority = k(1) },
				func(f *topology.Facts, _ *Source) { f.Firewalls[6].Priority = k(65535) },
			},
		},
		{
			name:    "the order of the layers",
			unknown: func(f *topology.Facts, _ *Source) { f.Networks[0].PoliciesFirst = u[bool]() },
			known: []func(*topology.Facts, *Source){
				func(f *topology.Facts, _ *Source) { f.Networks[0].PoliciesFirst = k(true) },
				func(f *topology.Facts, _ *Source) { f.Networks[0].PoliciesFirst = k(false) },
			},
		},
	} {
		verdicts := func(change func(*topology.Facts, *Source)) (out []topology.Verdict) {
			for i := range askers() {
				f := crowd()
				s := askers()[i]
				change(&f, &s)
				e := evaluator(f)
				out = append(out, e.Internet(s).Status, e.Google(s, "gcr.io").Status, e.Google(s, "us-docker.pkg.dev").Status)
			}
			return out
		}
		before := verdicts(c.unknown)
		for i, known := range c.known {
			for j, now := range verdicts(known) {
				if was := before[j]; was != topology.Undecided && was != now {
					t.Errorf("%s, known as number %d: answer %d was %s and is %s", c.name, i, j, was, now)
				}
			}
		}
	}
}
