package topology

import "testing"

func TestIdentify(t *testing.T) {
	for _, tc := range []struct {
		kind, project, location, name string
		id                            ID
	}{
		{"subnetwork", "p", "us-central1", "gke", "subnetwork/p/us-central1/gke"},
		{"network", "p", "global", "vpc", "network/p/global/vpc"},
		{"network", "example.com:p", "global", "vpc", "network/example.com:p/global/vpc"},
		{"project", "p", "", "p", "project/p//p"},
		{"gateway", "p", "us-central1", "router/nat", "gateway/p/us-central1/router/nat"},
	} {
		id := Identify(tc.kind, tc.project, tc.location, tc.name)
		if id != tc.id {
			t.Errorf("Identify: %s, want %s", id, tc.id)
		}
		if project, name := SplitID(id); project != tc.project || name != tc.name {
			t.Errorf("SplitID(%s): %s, %s", id, project, name)
		}
	}
	if Identify("subnetwork", "p", "us-central1", "gke") == Identify("subnetwork", "p", "us-east1", "gke") {
		t.Error("namesakes of two regions are one")
	}
}

// An ID that Identify did not make has neither project nor name.
func TestSplitIDOfOthers(t *testing.T) {
	for _, id := range []ID{"", "vpc", "plan.json:google_compute_network.vpc", "a/b/c", "plan.json:google_compute_network.vpc[\"a/b/c\"]"} {
		if project, name := SplitID(id); project != "" || name != "" {
			t.Errorf("SplitID(%q): %q, %q", id, project, name)
		}
	}
}

func TestRegionOf(t *testing.T) {
	for location, want := range map[string]string{
		"europe-west1": "europe-west1", "europe-west1-b": "europe-west1", "us-central1-f": "us-central1", "northamerica-northeast1-a": "northamerica-northeast1",
		"us": "us", "global": "global", "": "", "-a": "-a",
	} {
		if got := RegionOf(location); got != want {
			t.Errorf("RegionOf(%q) = %q, want %q", location, got, want)
		}
		o := Object{Location: location}
		if o.Region() != want {
			t.Errorf("Region of %q: %q", location, o.Region())
		}
	}
}

func TestDisplayAndFrom(t *testing.T) {
	o := Object{Address: "google_compute_network.vpc", File: "main.tf", Line: 4}
	if o.Display() != o.Address {
		t.Errorf("a nameless object is called %q", o.Display())
	}
	if o.Name = "vpc"; o.Display() != "vpc" {
		t.Errorf("a named object is called %q", o.Display())
	}
	if got, want := o.From("name"), (Origin{Object: o.Address, Attribute: "name", File: "main.tf", Line: 4}); got != want {
		t.Errorf("origin %+v", got)
	}
}
