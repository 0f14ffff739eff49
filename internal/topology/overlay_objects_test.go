package topology

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Of two objects with one identity: a plan's or state's over all, Google Cloud's over data sources, and over states by what it says.
func TestLayByWhoTells(t *testing.T) {
	object := func(source string) Object {
		o := Object{ID: Identify("google_compute_subnetwork", "p", "r", "s"), Address: "google_compute_subnetwork." + source, Source: source, File: source + ".tf", Line: 1}
		switch source {
		case "read":
			o.Address, o.File, o.Line, o.Read = "//compute.googleapis.com/s", "", 0, true
		case "managed":
			o.Managed = true
		}
		return o
	}
	subnetwork := func(source string) *Subnetwork {
		return &Subnetwork{Object: object(source), GoogleAccess: Known(true, Origin{Object: source})}
	}
	for _, c := range []struct{ lower, upper, tells, address string }{
		{"managed", "managed", "managed", "google_compute_subnetwork.managed"},
		{"managed", "read", "read", "google_compute_subnetwork.managed"},
		{"managed", "mentioned", "managed", "google_compute_subnetwork.managed"},
		{"read", "managed", "managed", "google_compute_subnetwork.managed"},
		{"read", "read", "read", "//compute.googleapis.com/s"},
		{"read", "mentioned", "read", "//compute.googleapis.com/s"},
		{"mentioned", "managed", "managed", "google_compute_subnetwork.managed"},
		{"mentioned", "read", "read", "//compute.googleapis.com/s"},
		{"mentioned", "mentioned", "mentioned", "google_compute_subnetwork.mentioned"},
	} {
		t.Run(c.upper+" over "+c.lower, func(t *testing.T) {
			lower, upper := subnetwork(c.lower), subnetwork(c.upper)
			was := *upper
			got := Lay(Facts{Subnetworks: []*Subnetwork{lower}}, Facts{Subnetworks: []*Subnetwork{upper}}, nil).Subnetworks
			if len(got) != 1 || got[0].GoogleAccess.Origin.Object != c.tells || got[0].Address != c.address {
				t.Fatalf("got %+v", got)
			}
			if managed := c.lower == "managed" || c.upper == "managed"; got[0].Managed != managed {
				t.Errorf("managed is %v", got[0].Managed)
			}
			if !reflect.DeepEqual(*upper, was) {
				t.Errorf("the upper fact was changed to %+v", *upper)
			}
		})
	}
}

// The API does not tell how a network was created; its configuration does, and a state that is older than the API still does.
func TestLayNetworkKeepsItsCreation(t *testing.T) {
	state := &Network{Object: Object{ID: "n", Managed: true}, DefaultRoutesDeleted: Known(true, Origin{})}
	api := func() *Network {
		return &Network{Object: Object{ID: "n", Read: true}, PoliciesFirst: Known(true, Origin{}), DefaultRoutesDeleted: Unknown[bool]("the API does not tell", Origin{})}
	}
	n := Lay(Facts{Networks: []*Network{state}}, Facts{Networks: []*Network{api()}}, nil).Networks[0]
	if !n.DefaultRoutesDeleted.Or(false) || !n.PoliciesFirst.Or(false) || !n.Managed {
		t.Errorf("got %+v", n)
	}
	if n := Lay(Facts{Networks: []*Network{state}}, Facts{Networks: []*Network{api()}}, []ID{"n"}).Networks[0]; n.DefaultRoutesDeleted.Known() {
		t.Errorf("a network that is made anew was told of as %+v", n)
	}
}

// What lies in something that is removed is gone with it, though nobody removes it by its own name; its neighbours stay.
func TestLayTakesWhatLiesInside(t *testing.T) {
	in := func(id ID) Value[ID] { return Known(id, Origin{}) }
	lower := Facts{
		NATs:       []*NAT{{Object: Object{ID: "nat"}, Router: in("router")}, {Object: Object{ID: "other nat"}, Router: in("other")}, {Object: Object{ID: "nat of nobody"}}},
		Routes:     []*Route{{Object: Object{ID: "route"}, Network: in("network")}, {Object: Object{ID: "other route"}, Network: in("other")}},
		RecordSets: []*RecordSet{{Object: Object{ID: "record"}, Zone: in("zone")}, {Object: Object{ID: "other record"}, Zone: in("other")}},
		Firewalls: []*FirewallRule{{Object: Object{ID: "rule"}, Network: in("network")}, {Object: Object{ID: "other rule"}, Network: in("other")},
			{Object: Object{ID: "rule of policy"}, Policy: "policy", Priority: Known(1, Origin{}), Network: in("other")}},
	}
	upper := Facts{NATs: []*NAT{{Object: Object{ID: "new nat"}, Router: in("router")}}}
	var got []string
	for _, o := range Lay(lower, upper, []ID{"router", "network", "zone", "policy"}).Identities {
		got = append(got, string(o.ID))
	}
	slices.Sort(got)
	if want := "nat of nobody, new nat, other nat, other record, other route, other rule"; strings.Join(got, ", ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// What a router says of a gateway at run time stays known when a plan tells of the gateway, unless its addresses change, their ports or who shares them.
func TestLayKeepsTheStatusOfAGateway(t *testing.T) {
	nat := func(change ...func(*NAT)) *NAT {
		n := &NAT{Object: Object{ID: "nat", Managed: true}, ManualAddresses: Known(true, Origin{}), Addresses: Known(2, Origin{}), Mode: Known(ListOfRanges, Origin{}),
			MinPorts: Default(0, Origin{}), Dynamic: Default(false, Origin{})}
		for _, name := range []ID{"a", "b"} {
			n.Entries = append(n.Entries, NATEntry{Subnetwork: Known(name, Origin{}), Options: Known([]string{EntryPrimary, EntrySecondary}, Origin{}), Names: []Value[string]{Known("pods", Origin{})}})
		}
		for _, c := range change {
			c(n)
		}
		return n
	}
	ports := func(n int) func(*NAT) { return func(f *NAT) { f.MinPorts = Known(n, Origin{}) } }
	for _, c := range []struct {
		name    string
		plan    *NAT
		removed []ID
		kept    bool
	}{
		{"the same", nat(), nil, true},
		{"the same, in another order", nat(func(n *NAT) {
			n.Entries[0], n.Entries[1] = n.Entries[1], n.Entries[0]
			n.Entries[0].Options = Known([]string{EntrySecondary, EntryPrimary}, Origin{})
		}), nil, true},
		{"the default ports, written", nat(ports(64)), nil, true},
		{"another address", nat(func(n *NAT) { n.Addresses = Known(3, Origin{}) }), nil, false},
		{"addresses that apply tells", nat(func(n *NAT) { n.Addresses = Value[int]{} }), nil, false},
		{"fewer ports for each VM", nat(ports(32)), nil, false},
		{"ports that apply tells", nat(func(n *NAT) { n.MinPorts = Value[int]{} }), nil, false},
		{"ports as VMs need them", nat(func(n *NAT) { n.Dynamic = Known(true, Origin{}) }), nil, false},
		{"one subnetwork fewer", nat(func(n *NAT) { n.Entries = n.Entries[:1] }), nil, false},
		{"without the pods", nat(func(n *NAT) { n.Entries[0].Options = Known([]string{EntryPrimary}, Origin{}) }), nil, false},
		{"all subnetworks", nat(func(n *NAT) { n.Mode = Known(AllRanges, Origin{}) }), nil, false},
		{"a gateway made anew", nat(), []ID{"nat"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			there := nat(func(n *NAT) { n.Managed, n.Read, n.Status = false, true, &NATStatus{VMs: 7} })
			got := Lay(Facts{NATs: []*NAT{there}}, Facts{NATs: []*NAT{c.plan}}, c.removed).NATs
			if len(got) != 1 || (got[0].Status != nil) != c.kept || c.plan.Status != nil {
				t.Errorf("got %d gateways, status %+v", len(got), got[0].Status)
			}
		})
	}
}

// A rule of a response policy holds in the policy's networks, whoever tells of these.
func TestLayResponses(t *testing.T) {
	rule := func(policy, name string, networks ...ID) *ResponseRule {
		r := &ResponseRule{Object: Object{ID: Identify("google_dns_response_policy_rule", "p", "global", policy+"/"+name), Name: name}, NetworksTold: networks != nil}
		for _, n := range networks {
			r.Networks = append(r.Networks, Known(n, Origin{}))
		}
		return r
	}
	nameless := &ResponseRule{Object: Object{ID: "addr:plan/rule", Name: "nameless"}}
	for _, c := range []struct {
		name         string
		lower, upper *ResponseRule
		removed      []ID
		want         string
	}{
		{"the same rule", rule("policy", "a", "net"), rule("policy", "a"), nil, "a [net]"},
		{"a new rule of the policy", rule("policy", "a", "net"), rule("policy", "b"), nil, "a [net], b [net]"},
		{"in place of one that is removed", rule("policy", "a", "net"), rule("policy", "b"), []ID{rule("policy", "a").ID}, "b [net]"},
		{"the plan tells the networks", rule("policy", "a"), rule("policy", "b", "net"), nil, "a [net], b [net]"},
		{"the plan tells other networks", rule("policy", "a", "old"), rule("policy", "a", "new"), nil, "a [new]"},
		{"a rule of another policy", rule("other", "a", "net"), rule("policy", "b"), nil, "a [net], b []"},
		{"a rule of nobody knows which", rule("policy", "a", "net"), nameless, nil, "a [net], nameless []"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, r := range Lay(Facts{Responses: []*ResponseRule{c.lower}}, Facts{Responses: []*ResponseRule{c.upper}}, c.removed).Responses {
				var networks []string
				for _, n := range r.Networks {
					networks = append(networks, string(n.Or("?")))
				}
				got = append(got, fmt.Sprint(r.Name, " ", networks))
			}
			slices.Sort(got)
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

// A policy's place among those of a network stays known above, as not everybody who tells of its rules tells it.
func TestLayKeepsThePlaceOfAPolicy(t *testing.T) {
	rule := func(depth int) *FirewallRule {
		return &FirewallRule{Object: Object{ID: "r"}, Policy: "p", Network: Known(ID("n"), Origin{}), Priority: Known(1, Origin{}), Depth: depth}
	}
	for _, c := range []struct{ below, above, want int }{{500, 0, 500}, {500, 20, 20}, {0, 20, 20}, {0, 0, 0}} {
		got := Lay(Facts{Firewalls: []*FirewallRule{rule(c.below)}}, Facts{Firewalls: []*FirewallRule{rule(c.above)}}, nil).Firewalls
		if len(got) != 1 || got[0].Depth != c.want {
			t.Errorf("%d over %d: %+v", c.above, c.below, got)
		}
	}
}

// Rules of a policy are laid by their priority, whatever they are called; those of a VPC by name.
func TestLayRules(t *testing.T) {
	rule := func(source string, policy ID, priority int, network ID) *FirewallRule {
		r := &FirewallRule{Object: Object{ID: ID(fmt.Sprint(source, policy, priority, network)), Source: source}, Policy: policy, Priority: Known(priority, Origin{})}
		if network != "" {
			r.Network = Known(network, Origin{})
		}
		return r
	}
	for _, c := range []struct {
		name         string
		lower, upper []*FirewallRule
		removed      []ID
		want         string
	}{
		{"the same rule", []*FirewallRule{rule("api", "p", 1, "n")}, []*FirewallRule{rule("plan", "p", 1, "n")}, nil, "plan p 1 n"},
		{"in another network", []*FirewallRule{rule("api", "p", 1, "m")}, []*FirewallRule{rule("plan", "p", 1, "n")}, nil, "api p 1 m, plan p 1 n"},
		{"of another priority", []*FirewallRule{rule("api", "p", 2, "n")}, []*FirewallRule{rule("plan", "p", 1, "n")}, nil, "api p 2 n, plan p 1 n"},
		{"of another policy", []*FirewallRule{rule("api", "q", 1, "n")}, []*FirewallRule{rule("plan", "p", 1, "n")}, nil, "api q 1 n, plan p 1 n"},
		{"removed in one network", []*FirewallRule{rule("api", "p", 1, "n"), rule("api", "p", 1, "m")}, nil, []ID{RuleID(rule("plan", "p", 1, "n"))}, "api p 1 m"},
		{"removed wherever it applies", []*FirewallRule{rule("api", "p", 1, "n"), rule("api", "p", 2, "n")}, nil, []ID{RuleID(rule("plan", "p", 1, ""))}, "api p 2 n"},
		{"rules of a VPC have names, not priorities", []*FirewallRule{rule("api", "", 1, "n")}, []*FirewallRule{rule("plan", "", 1, "n")}, nil, "api  1 n, plan  1 n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, r := range Lay(Facts{Firewalls: c.lower}, Facts{Firewalls: c.upper}, c.removed).Firewalls {
				got = append(got, fmt.Sprint(r.Source, " ", r.Policy, " ", r.Priority.Or(0), " ", r.Network.Or("")))
			}
			slices.Sort(got)
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}
