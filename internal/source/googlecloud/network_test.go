package googlecloud

import (
	"net/netip"
	"testing"
)

// Links come with several hosts and versions, and relative: one resource has one identity and one address.
func TestLinks(t *testing.T) {
	for _, link := range []string{
		"https://www.googleapis.com/compute/v1/projects/p/regions/us-central1/subnetworks/gke",
		"https://compute.googleapis.com/compute/beta/projects/p/regions/us-central1/subnetworks/gke",
		"//compute.googleapis.com/projects/p/regions/us-central1/subnetworks/gke",
		"projects/p/regions/us-central1/subnetworks/gke",
		"/projects/p/regions/us-central1/subnetworks/gke/",
	} {
		s := sole(t, read(t, object{"subnetwork", `{"selfLink": "` + link + `", "network": "projects/p/global/networks/vpc"}`}).Subnetworks)
		if s.ID != theGKE || s.Address != "//compute.googleapis.com/projects/p/regions/us-central1/subnetworks/gke" || s.Name != "gke" || s.Location != "us-central1" || s.Managed || !s.Read {
			t.Errorf("%s: %+v", link, s.Object)
		}
		is(t, "network", s.Network, theVPC)
	}
}

func TestNetworkAndSubnetwork(t *testing.T) {
	for _, tc := range []struct {
		name, order    string
		first, assumed bool
	}{
		{"left out", ``, false, true},
		{"classic rules first", `, "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"`, false, false},
		{"policies first", `, "networkFirewallPolicyEnforcementOrder": "BEFORE_CLASSIC_FIREWALL"`, true, false},
	} {
		n := sole(t, read(t, object{"network", `{"name": "vpc", "selfLink": "` + vpcLink + `"` + tc.order + `}`}).Networks)
		is(t, tc.name, n.PoliciesFirst, tc.first)
		if n.PoliciesFirst.Assumed != tc.assumed || n.DefaultRoutesDeleted.Known() || n.ID != theVPC {
			t.Errorf("%s: %+v", tc.name, n)
		}
	}
	full := sole(t, read(t, object{"subnetwork", `{"name": "gke", "selfLink": "` + api + `regions/us-central1/subnetworks/gke", "region": "` + api + `regions/us-central1", "ipCidrRange": "10.0.0.0/20",
		"privateIpGoogleAccess": true, "secondaryIpRanges": [{"rangeName": "pods", "ipCidrRange": "10.4.0.0/14"}, {"ipCidrRange": "none"}]}`}).Subnetworks)
	is(t, "access", full.GoogleAccess, true)
	is(t, "primary", full.Primary, netip.MustParsePrefix("10.0.0.0/20"))
	is(t, "secondary", full.Secondary[0].Name, "pods")
	is(t, "its range", full.Secondary[0].Prefix, netip.MustParsePrefix("10.4.0.0/14"))
	if full.GoogleAccess.Assumed || full.GoogleAccess.Origin.Attribute != "privateIpGoogleAccess" || full.GoogleAccessConfigured.Known() || !full.SecondaryTold {
		t.Errorf("%+v", full)
	}
	if r := full.Secondary[1]; r.Name.Known() || r.Prefix.Known() || full.Network.Known() {
		t.Errorf("what is not told passes for something: %+v", r)
	}
	bare := sole(t, read(t, object{"subnetwork", `{"name": "gke", "selfLink": "` + api + `regions/us-central1/subnetworks/gke"}`}).Subnetworks)
	is(t, "access left out", bare.GoogleAccess, false)
	if !bare.GoogleAccess.Assumed || bare.Primary.Known() || len(bare.Secondary) != 0 {
		t.Errorf("%+v", bare)
	}
}

// Only forwarding rules for bundles of Google's APIs are endpoints.
func TestForwardingRule(t *testing.T) {
	rule := func(target, address string) object {
		return object{"forwarding", `{"name": "psc", "selfLink": "` + api + `global/forwardingRules/psc", "network": "` + vpcLink + `", "target": "` + target + `", "IPAddress": "` + address + `"}`}
	}
	for target, want := range map[string]string{"all-apis": "all-apis", "vpc-sc": "vpc-sc", api + "global/all-apis": "all-apis",
		"": "", api + "regions/us-central1/serviceAttachments/sql": "", api + "global/targetHttpProxies/web": "", "not-all-apis": ""} {
		f := read(t, rule(target, "10.3.0.5"))
		if want == "" {
			if len(f.Endpoints) != 0 {
				t.Errorf("%q is an endpoint", target)
			}
			continue
		}
		e := sole(t, f.Endpoints)
		is(t, "bundle", e.Bundle, want)
		is(t, "network", e.Network, theVPC)
		is(t, "address", e.Address, netip.MustParseAddr("10.3.0.5"))
		if e.ID != "google_compute_global_forwarding_rule/p/global/psc" {
			t.Errorf("ID %s", e.ID)
		}
	}
	if e := sole(t, read(t, rule("all-apis", "later")).Endpoints); e.Address.Known() {
		t.Errorf("%v is an address", e.Address)
	}
}

// Half-filled and nameless objects make no facts and no panic.
func TestNothing(t *testing.T) {
	v := New("test")
	v.Cluster(nil)
	v.Pool("", nil)
	v.Pool("//container.googleapis.com/projects/p/locations/l/clusters/c/nodePools/n", nil)
	v.Network(nil)
	v.Subnetwork(nil)
	v.Router(nil)
	v.RouterStatus("", nil)
	v.Route(nil)
	v.PolicyRoute(nil)
	v.Firewall(nil)
	v.FirewallPolicy(nil)
	v.EffectiveFirewalls("", nil)
	v.ForwardingRule(nil)
	v.Project("", 0, "")
	for kind, give := range givers {
		if err := give(v, []byte(`{}`)); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	f := v.Facts()
	if n := len(f.Clusters) + len(f.Networks) + len(f.Subnetworks) + len(f.Routers) + len(f.NATs) + len(f.Routes) + len(f.Firewalls) + len(f.Endpoints); n != 0 {
		t.Errorf("%d facts of nothing", n)
	}
}
