package terraform

import "testing"

func TestParseLink(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       link
	}{
		{"a bare name", "vpc", link{name: "vpc"}},
		{"a path", "projects/p/global/networks/vpc", link{"p", "global", "vpc"}},
		{"a regional path", "projects/p/regions/r1/subnetworks/s", link{"p", "r1", "s"}},
		{"a path without its project", "regions/r1/subnetworks/s", link{"", "r1", "s"}},
		{"a URL", "https://www.googleapis.com/compute/v1/projects/p/regions/r1/subnetworks/s", link{"p", "r1", "s"}},
		{"a URL of another version", "https://compute.googleapis.com/compute/beta/projects/p/global/networks/vpc", link{"p", "global", "vpc"}},
		{"a full resource name", "//compute.googleapis.com/projects/p/global/networks/vpc", link{"p", "global", "vpc"}},
		{"a cluster", "projects/p/locations/r1-b/clusters/c", link{"p", "r1-b", "c"}},
		{"a zonal path", "projects/p/zones/r1-b/instances/i", link{"p", "r1-b", "i"}},
		{"a short form", "p/r1/router", link{"p", "r1", "router"}},
		{"nothing", "", link{}},
		{"slashes", "///", link{}},
		{"an organisation's policy", "locations/global/firewallPolicies/1234", link{"", "global", "1234"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := parseLink(c.text); got != c.want {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}
