package googlecloud

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const ruleText = `"name": "f", "selfLink": "` + api + `global/firewalls/f", "network": "` + vpcLink + `"`

func TestFirewall(t *testing.T) {
	r := sole(t, read(t, object{"firewall", `{` + ruleText + `, "direction": "EGRESS", "priority": 0, "disabled": true, "destinationRanges": ["0.0.0.0/0"], "targetTags": ["node"],
		"targetServiceAccounts": ["a@p.iam.gserviceaccount.com"], "denied": [{"IPProtocol": "TCP", "ports": ["443", "8000-9000"]}, {"IPProtocol": "all"}]}`}).Firewalls)
	is(t, "network", r.Network, theVPC)
	is(t, "priority", r.Priority, 0)
	is(t, "disabled", r.Disabled, true)
	is(t, "action", r.Action, topology.Deny)
	if r.Layer != topology.LayerVPC || r.ID != "google_compute_firewall/p/global/f" || r.Address != "//compute.googleapis.com/projects/p/global/firewalls/f" {
		t.Errorf("%+v", r.Object)
	}
	list, _ := r.Protocols.Get()
	if len(list) != 2 || list[0].Name != "tcp" || !slices.Equal(list[0].Ports, []topology.PortRange{{First: 443, Last: 443}, {First: 8000, Last: 9000}}) || len(list[1].Ports) != 0 {
		t.Errorf("protocols %+v", list)
	}
	if !slices.Equal(r.Destinations.Or(nil), []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}) || !slices.Equal(r.TargetTags.Or(nil), []string{"node"}) || len(r.TargetAccounts.Or(nil)) != 1 {
		t.Errorf("%+v", r)
	}
	for name, tc := range map[string]struct {
		text  string
		facts int
	}{
		"ingress":         {`"direction": "INGRESS", "denied": [{"IPProtocol": "all"}]`, 0},
		"ingress as left": {`"denied": [{"IPProtocol": "all"}]`, 0},
		"does nothing":    {`"direction": "EGRESS"`, 0},
		"allows":          {`"direction": "EGRESS", "allowed": [{"IPProtocol": "tcp"}]`, 1},
	} {
		f := read(t, object{"firewall", `{` + ruleText + `, ` + tc.text + `}`})
		if len(f.Firewalls) != tc.facts {
			t.Errorf("%s: %d facts", name, len(f.Firewalls))
		}
	}
	left := sole(t, read(t, object{"firewall", `{` + ruleText + `, "direction": "EGRESS", "allowed": [{"IPProtocol": "tcp", "ports": ["https"]}], "destinationRanges": ["everywhere"]}`}).Firewalls)
	is(t, "priority", left.Priority, 1000)
	is(t, "disabled", left.Disabled, false)
	is(t, "action", left.Action, topology.Allow)
	if left.Protocols.Known() || left.Destinations.Known() {
		t.Errorf("what cannot be read passes for something: %+v", left)
	}
}

const deny = `{"direction": "EGRESS", "action": "deny", "priority": 10, "match": {"destIpRanges": ["0.0.0.0/0"], "layer4Configs": [{"ipProtocol": "all"}]}}`

func TestFirewallPolicy(t *testing.T) {
	associated := `"associations": [{"attachmentTarget": "` + vpcLink + `"}, {"attachmentTarget": "` + api + `global/networks/other"}], "rules": [` + deny + `, {"direction": "INGRESS", "action": "deny", "priority": 11}]`
	for _, tc := range []struct {
		name, text string
		layer      topology.Layer
		policy     topology.ID
		region     string
		networks   []topology.ID
	}{
		{"global", `{"name": "fw", "selfLink": "` + api + `global/firewallPolicies/fw", ` + associated + `}`, topology.LayerGlobalPolicy, "google_compute_network_firewall_policy/p/global/fw", "",
			[]topology.ID{theVPC, "google_compute_network/p/global/other"}},
		{"regional", `{"name": "fw", "region": "` + api + `regions/us-central1", "selfLink": "` + api + `regions/us-central1/firewallPolicies/fw", ` + associated + `}`, topology.LayerRegionalPolicy,
			"google_compute_region_network_firewall_policy/p/us-central1/fw", "us-central1", []topology.ID{theVPC, "google_compute_network/p/global/other"}},
		{"without a link", `{"name": "fw", ` + associated + `}`, topology.LayerGlobalPolicy, "google_compute_network_firewall_policy/p/global/fw", "", []topology.ID{theVPC, "google_compute_network/p/global/other"}},
		{"not associated", `{"name": "fw", "selfLink": "` + api + `global/firewallPolicies/fw", "rules": [` + deny + `]}`, 0, "", "", nil},
		{"for RDMA networks", `{"name": "fw", "policyType": "RDMA_ROCE_POLICY", "selfLink": "` + api + `global/firewallPolicies/fw", ` + associated + `}`, 0, "", "", nil},
		{"hierarchical", `{"name": "123", "parent": "organizations/1", "shortName": "org", "selfLink": "https://www.googleapis.com/compute/v1/locations/global/firewallPolicies/123",
			"associations": [{"attachmentTarget": "organizations/1"}], "rules": [` + deny + `]}`, topology.LayerHierarchical, "google_compute_firewall_policy//global/123", "", []topology.ID{""}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := read(t, object{"policy", tc.text})
			var networks []topology.ID
			for _, r := range f.Firewalls {
				networks = append(networks, r.Network.Or(""))
				is(t, "action", r.Action, topology.Deny)
				is(t, "priority", r.Priority, 10)
				if r.Layer != tc.layer || r.Policy != tc.policy || r.Region != tc.region || !strings.HasSuffix(r.Address, "/rules/10") {
					t.Errorf("%+v", r)
				}
			}
			if !slices.Equal(networks, tc.networks) {
				t.Errorf("networks %q, want %q", networks, tc.networks)
			}
		})
	}
}

func TestPolicyRule(t *testing.T) {
	one := func(rule string) []*topology.FirewallRule {
		return read(t, object{"policy", `{"name": "fw", "selfLink": "` + api + `global/firewallPolicies/fw", "associations": [{"attachmentTarget": "` + vpcLink + `"}], "rules": [` + rule + `]}`}).Firewalls
	}
	for action, want := range map[string]topology.Action{"allow": topology.Allow, "DENY": topology.Deny, "goto_next": topology.GotoNext, "apply_security_profile_group": topology.Inspect} {
		r := sole(t, one(`{"direction": "EGRESS", "priority": 1, "ruleName": "own", "action": "`+action+`"}`))
		is(t, action, r.Action, want)
		if r.Name != "own" {
			t.Errorf("name %q", r.Name)
		}
	}
	r := sole(t, one(`{"direction": "EGRESS", "targetSecureTags": [{"name": "tagValues/1", "state": "EFFECTIVE"}], "targetServiceAccounts": ["a@b"], "match": {"destFqdns": ["quay.io"], "destNetworkType": "INTERNET",
		"destNetworkContext": "UNSPECIFIED", "srcIpRanges": ["10.0.0.0/8"], "layer4Configs": [{"ipProtocol": "tcp", "ports": ["443"]}]}}`))
	if !r.SecureTags || r.Action.Known() || !slices.Equal(r.Beyond, []string{"destFqdns", "destNetworkType"}) || len(r.Sources.Or(nil)) != 1 || len(r.TargetAccounts.Or(nil)) != 1 || r.Name != "fw" {
		t.Errorf("%+v", r)
	}
	for name, rule := range map[string]string{
		"for load balancers":     `{"direction": "EGRESS", "action": "deny", "targetType": "INTERNAL_MANAGED_LB"}`,
		"of tags without effect": `{"direction": "EGRESS", "action": "deny", "targetSecureTags": [{"name": "tagValues/1", "state": "INEFFECTIVE"}]}`,
		"for another network":    `{"direction": "EGRESS", "action": "deny", "targetResources": ["` + api + `global/networks/other"]}`,
		"without a direction":    `{"action": "deny"}`,
	} {
		if list := one(rule); len(list) != 0 {
			t.Errorf("%s: %+v", name, list[0])
		}
	}
}

// An effective answer holds for its network, hierarchical policies included, in their order; what other readers tell of the same is the same.
func TestEffectiveFirewalls(t *testing.T) {
	effective := object{"effective", `{"firewalls": [{"name": "f", "selfLink": "` + api + `global/firewalls/f", "direction": "EGRESS", "denied": [{"IPProtocol": "all"}]}],
		"firewallPolicys": [
		  {"name": "1", "type": "HIERARCHY", "shortName": "org", "rules": [` + deny + `]},
		  {"name": "2", "type": "HIERARCHY", "displayName": "folder", "rules": [` + deny + `, {"direction": "EGRESS", "priority": 20, "action": "deny", "targetResources": ["` + api + `global/networks/other"]}]},
		  {"name": "system", "type": "SYSTEM_GLOBAL", "rules": [` + deny + `]},
		  {"name": "elsewhere", "type": "NETWORK_REGIONAL", "rules": [` + deny + `]},
		  {"name": "fw", "type": "NETWORK", "priority": 1000, "rules": [` + deny + `]}]}`}
	rule := object{"firewall", `{` + ruleText + `, "direction": "EGRESS", "denied": [{"IPProtocol": "all"}]}`}
	network := object{"policy", `{"name": "fw", "selfLink": "` + api + `global/firewallPolicies/fw", "associations": [{"attachmentTarget": "` + vpcLink + `"}], "rules": [` + deny + `]}`}
	above := object{"policy", `{"name": "3", "parent": "organizations/1", "associations": [{"attachmentTarget": "folders/9"}], "rules": [` + deny + `]}`}
	for _, order := range [][]object{{effective, rule, network, above}, {above, network, rule, effective}} {
		f := read(t, order...)
		depths := map[string]int{}
		for _, r := range f.Firewalls {
			depths[r.Name] = r.Depth
			is(t, r.Name, r.Network, theVPC)
		}
		if len(f.Firewalls) != 5 || depths["org"] >= depths["folder"] || depths["folder"] >= depths["system"] {
			t.Errorf("%d rules, depths %v", len(f.Firewalls), depths)
		}
	}
}
