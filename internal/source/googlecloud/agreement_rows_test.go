package googlecloud_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// small is a world of one private cluster, whose subnetwork a gateway serves; change adds to it.
func small(nat fields, change func(*world)) world {
	w := world{}
	w.network("shop", "vpc", true, fields{})
	w.subnet("shop", near, "vpc", "a", true, fields{"ipCidrRange": "10.0.0.0/20", "secondaryIpRanges": list(fields{"rangeName": "pods", "ipCidrRange": "10.4.0.0/14"})})
	body := fields{"name": "nat", "sourceSubnetworkIpRangesToNat": topology.AllPrimaryRanges, "natIpAllocateOption": "AUTO_ONLY"}
	for k, v := range nat {
		body[k] = v
	}
	w.router("shop", near, "vpc", "router", body)
	pool := fields{"name": "pool", "initialNodeCount": 40, "locations": list(near + "-b"), "upgradeSettings": fields{"maxSurge": 1},
		"config": fields{"oauthScopes": list(scope + "cloud-platform"), "serviceAccount": "nodes@shop.iam.gserviceaccount.com"}}
	w.cluster("shop", near, "c", "shop", "vpc", "a", fields{"networkConfig": fields{"defaultEnablePrivateNodes": true},
		"ipAllocationPolicy": fields{"useIpAliases": true, "clusterSecondaryRangeName": "pods"}, "locations": list(near + "-b")}, pool)
	if change != nil {
		change(&w)
	}
	return w
}

// theCluster is a world's cluster, to be changed.
func (w *world) theCluster() fields {
	i := slices.IndexFunc(w.things, func(o thing) bool { return strings.HasSuffix(o.kind, "/Cluster") })
	return w.things[i].body
}

// What the readers once told differently, or one of them left out.
func TestReadersAgreeOn(t *testing.T) {
	vpc := networkLink("shop", "vpc")
	address := func(name string) string { return compute + "projects/shop/regions/" + near + "/addresses/" + name }
	addresses := fields{"natIpAllocateOption": "MANUAL_ONLY", "natIps": list(address("one"), address("two")), "minPortsPerVm": 2048}
	draining := fields{"natIpAllocateOption": "MANUAL_ONLY", "natIps": list(address("one"), address("two")), "minPortsPerVm": 2048, "drainNatIps": list(address("two"))}
	autopilot := func(w *world) {
		c := w.theCluster()
		c["autopilot"], c["nodePoolAutoConfig"] = fields{"enabled": true}, fields{"networkTags": fields{"tags": list("egress")}}
	}
	zoned := func(body fields, records func(*world)) func(*world) {
		return func(w *world) {
			w.zone("shop", "pkg", "pkg.dev.", body, vpc)
			if records != nil {
				records(w)
			}
		}
	}
	denied := func(change fields) func(*world) {
		return func(w *world) {
			r := policyRule(1, "deny", "0.0.0.0/0")
			for k, v := range change {
				r[k] = v
			}
			w.firewallPolicy("shop", "", "policy", associated("shop", "vpc"), r)
		}
	}
	two := func(first, second any) func(*world) {
		return func(w *world) {
			for _, p := range []struct {
				name, action string
				priority     any
			}{{"a", "deny", first}, {"b", "allow", second}} {
				to := associated("shop", "vpc")
				if p.priority != nil {
					to[0].(fields)["priority"] = p.priority
				}
				w.firewallPolicy("shop", "", p.name, to, policyRule(1, p.action, "0.0.0.0/0"))
			}
		}
	}
	steered := func(version string) func(*world) {
		return func(w *world) {
			name := "projects/shop/locations/global/policyBasedRoutes/steered"
			w.add("networkconnectivity.googleapis.com/PolicyBasedRoute", name, fields{"name": name, "network": vpc, "priority": 100, "nextHopIlbIp": "10.0.0.8",
				"filter": fields{"protocolVersion": version, "ipProtocol": "ALL", "srcRange": "0.0.0.0/0", "destRange": "0.0.0.0/0"}}).more = fields{"name": "steered"}
		}
	}
	for _, tc := range []struct {
		name   string
		nat    fields
		change func(*world)
		check  string
		want   topology.Verdict
	}{
		{"a gateway for IPv4", nil, nil, "nat-node-range", topology.Pass},
		{"a gateway for IPv6 alone", fields{"sourceSubnetworkIpRangesToNat": "", "sourceSubnetworkIpRangesToNat64": "ALL_IPV6_SUBNETWORKS"}, nil, "nat-node-range", topology.Fail},
		{"two addresses", addresses, nil, "nat-capacity", topology.Pass},
		{"two addresses, of which one drains", draining, nil, "nat-capacity", topology.Fail},
		{"the pools that Autopilot lists grow", addresses, autopilot, "nat-capacity", topology.Undecided},
		{"a rule for the tags of all of Autopilot's nodes", nil, func(w *world) {
			autopilot(w)
			w.firewall("shop", "vpc", "deny", fields{"denied": list(fields{"IPProtocol": "all"}), "destinationRanges": list("0.0.0.0/0"), "targetTags": list("egress")})
		}, "egress-firewall", topology.Fail},
		{"records", nil, zoned(fields{}, func(w *world) { w.records("shop", "pkg", "pkg.dev.", "199.36.153.8") }), "registry-dns", topology.Pass},
		{"a routing policy chooses among records", nil, zoned(fields{}, func(w *world) {
			w.record("shop", "pkg", "*.pkg.dev.", "A", fields{"routingPolicy": fields{"wrr": fields{"items": list(fields{"weight": 1, "rrdatas": list("10.7.0.7")})}}})
		}), "registry-dns", topology.Undecided},
		{"Service Directory answers", nil, zoned(fields{"serviceDirectoryConfig": fields{"namespace": fields{"namespaceUrl": "n"}}}, nil), "registry-dns", topology.Undecided},
		{"a response of IPv6 alone", nil, func(w *world) {
			w.responsePolicy("shop", "answers", []string{vpc}, fields{"ruleName": "pkg", "dnsName": "*.pkg.dev.",
				"localData": fields{"localDatas": list(fields{"name": "*.pkg.dev.", "type": "AAAA", "rrdatas": list("2600:2d00:2:2000::")})}})
		}, "registry-dns", topology.Fail},
		{"a policy's rule", nil, denied(fields{}), "egress-firewall", topology.Fail},
		{"a policy's rule for load balancers", nil, denied(fields{"targetType": "INTERNAL_MANAGED_LB"}), "egress-firewall", topology.Pass},
		{"a policy's rule for nodes with a tag", nil, denied(fields{"targetSecureTags": list(fields{"name": "tagValues/1", "state": "EFFECTIVE"})}), "egress-firewall", topology.Undecided},
		{"a policy's rule for a tag that is gone", nil, denied(fields{"targetSecureTags": list(fields{"name": "tagValues/1", "state": "INEFFECTIVE"})}), "egress-firewall", topology.Pass},
		{"the policy that denies comes first", nil, two(10, 20), "egress-firewall", topology.Fail},
		{"the policy that allows comes first", nil, two(20, 10), "egress-firewall", topology.Pass},
		{"the policy that allows comes before the default", nil, two(nil, 999), "egress-firewall", topology.Pass},
		{"packets are steered elsewhere", nil, steered("IPV4"), "internet-route", topology.Undecided},
		{"packets of IPv6 are", nil, steered("IPV6"), "internet-route", topology.Pass},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := small(tc.nat, tc.change)
			live := seen(w.api(t, w.things), true)
			for name, other := range map[string]topology.Facts{"state": seen(w.terraform(t, w.things, false, nil), false), "export": seen(w.exported(t, w.things), true),
				"plan": seen(w.terraform(t, w.things, true, nil), false)} {
				for _, d := range differences(t, other, live) {
					t.Errorf("%s and API: %s", name, d)
				}
			}
			if got := worst(live, tc.check); got != tc.want {
				t.Errorf("%s: %v, want %v", tc.check, got, tc.want)
			}
		})
	}
}

// A rule that one configuration adds to a response policy of another holds in the policy's networks.
func TestRuleInAnExistingResponsePolicy(t *testing.T) {
	w := small(nil, func(w *world) {
		answer := func(name, domain, address string) fields {
			return fields{"ruleName": name, "dnsName": domain, "localData": fields{"localDatas": list(fields{"name": domain, "type": "A", "rrdatas": list(address)})}}
		}
		w.responsePolicy("shop", "answers", []string{networkLink("shop", "vpc")}, answer("gcr", "*.gcr.io.", "199.36.153.8"), answer("pkg", "*.pkg.dev.", "10.66.0.1"))
	})
	last := len(w.things) - 1
	there := w.api(t, w.things[:last])
	if got := worst(seen(there, true), "registry-dns"); got != topology.Pass {
		t.Fatalf("%v before the plan", got)
	}
	whole := seen(w.api(t, w.things), true)
	if got := worst(whole, "registry-dns"); got == topology.Pass {
		t.Fatalf("%v after it", got)
	}
	for _, d := range differences(t, seen(w.terraform(t, w.things[last:], true, &there), true), whole) {
		t.Errorf("plan over API, and API: %s", d)
	}
}
