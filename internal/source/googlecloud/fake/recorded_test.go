package fake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
)

// Every recorded answer is served as it is at its path, and the official clients read what others imply.
func TestRecorded(t *testing.T) {
	for _, name := range []string{"gke1", "nat1", "gcb1"} {
		t.Run(name, func(t *testing.T) {
			p, err := Recorded(recordings(t, name))
			if err != nil {
				t.Fatal(err)
			}
			s := start(t, World{Projects: []Project{p}})
			files := sure(filepath.Glob(filepath.Join(recordings(t, name), "*.json")))
			aside := 0
			if name == "gke1" {
				aside = 1 // services.json, of an API that is not asked
			}
			if len(p.Answers) != len(files)-aside || len(files) < 2 {
				t.Errorf("%d of %d files are served", len(p.Answers), len(files))
			}
			for call, want := range p.Answers {
				method, path, _ := strings.Cut(call, " ")
				if code, body, _ := raw(t, s, method, path); code != http.StatusOK || !bytes.Equal([]byte(body), want) {
					t.Errorf("%s: %d, another text than recorded", call, code)
				}
			}
		})
	}
}

func TestRecordedGKE(t *testing.T) {
	p, err := Recorded(recordings(t, "gke1"))
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, World{Projects: []Project{p}})
	if p.ID != "gcpdiag-gke1-aaaa" || p.Number != 12340002 || len(p.Clusters) != 7 {
		t.Errorf("%s, %d, %d clusters", p.ID, p.Number, len(p.Clusters))
	}
	c := sure(clustersOf(t, s).GetCluster(t.Context(), &containerpb.GetClusterRequest{Name: "projects/" + p.ID + "/locations/europe-west4-a/clusters/gke4"}))
	if !c.GetPrivateClusterConfig().GetEnablePrivateNodes() { //nolint:staticcheck // older clusters have no other
		t.Error("gke4 is private")
	}
	for _, pair := range sure(all(routersOf(t, s).AggregatedList(t.Context(), &computepb.AggregatedListRoutersRequest{Project: p.ID}).Next)) {
		if want := pair.Key == "regions/europe-west4"; (len(pair.Value.GetRouters()) == 1) != want {
			t.Errorf("%s: %d routers", pair.Key, len(pair.Value.GetRouters()))
		}
	}
	n := sure(networksOf(t, s).Get(t.Context(), &computepb.GetNetworkRequest{Project: p.ID, Network: "default"}))
	if n.GetSelfLink() != "https://www.googleapis.com/compute/v1/projects/gcpdiag-gke1-aaaa/global/networks/default" {
		t.Errorf("network %v", n)
	}
}

// What one router said is served for the router that has the addresses it speaks of.
func TestRecordedRouters(t *testing.T) {
	p, err := Recorded(recordings(t, "nat1"))
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, World{Projects: []Project{p}})
	for _, region := range []string{"europe-west4", "us-central1"} {
		said := sure(routersOf(t, s).GetRouterStatus(t.Context(), &computepb.GetRouterStatusRouterRequest{Project: p.ID, Region: region, Router: "public-nat-cloud-router"}))
		nat := said.GetResult().GetNatStatus()[0]
		if !strings.Contains(nat.GetUserAllocatedNatIpResources()[0], region) || nat.GetMinExtraNatIpsNeeded() != 2 {
			t.Errorf("%s: %v", region, nat)
		}
	}
}

func TestRecordedAnswersThatAreNone(t *testing.T) {
	for _, tc := range []struct{ name, file, text, says string }{
		{"no files", "", "", "holds no recorded answers"},
		{"an unknown kind", "weather.json", `{}`, "no path is known"},
		{"another shape", "container-clusters.json", `{"clusters":[{"name":{}}]}`, "container-clusters.json"},
		{"a router of no list", "compute-routers-natIpInfo-x.json", `{}`, "router x is in no recorded list"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			if tc.file != "" {
				if err := os.WriteFile(filepath.Join(dir, tc.file), []byte(tc.text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Recorded(dir); err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%v, want %s", err, tc.says)
			}
		})
	}
}

// The fake's own answers have the shape of the recorded ones: the same fields around what they carry, and the same in every object that Google and
// the fake both have, as far as the fake says anything.
func TestShapes(t *testing.T) {
	for _, name := range []string{"gke1", "nat1", "gcb1"} {
		t.Run(name, func(t *testing.T) {
			p, err := Recorded(recordings(t, name))
			if err != nil {
				t.Fatal(err)
			}
			recorded := p.Answers
			p.Answers = nil
			s := start(t, World{Projects: []Project{p}})
			for call, text := range recorded {
				if strings.Contains(call, "/getNat") {
					continue // served as recorded, and empty elsewhere
				}
				method, path, _ := strings.Cut(call, " ")
				_, own, _ := raw(t, s, method, path)
				want, have := decoded(t, text), decoded(t, []byte(own))
				for _, field := range []string{"nextPageToken", "commonInstanceMetadata", "creationTimestamp", "quotas", "version", "etag"} {
					delete(want, field)
					delete(have, field)
				}
				if strings.HasSuffix(path, "/projectSettings") || strings.HasSuffix(path, "/getRouterStatus") {
					delete(have, "name")
				}
				if fields(want) != fields(have) {
					t.Errorf("%s: fields %s, recorded %s", call, fields(have), fields(want))
				}
				if !same(want["kind"], have["kind"]) {
					t.Errorf("%s: kind %v, recorded %v", call, have["kind"], want["kind"])
				}
				sameShape(t, call, want["items"], have["items"])
				sameShape(t, call, want["clusters"], have["clusters"])
			}
		})
	}
}

func same(a, b any) bool { return a == b }

// sameShape holds that lists and scopes have as many entries, and that an object has no field that no recorded one has.
func sameShape(t *testing.T, call string, want, have any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		scopes, _ := have.(map[string]any)
		for scope, in := range want {
			if fields(in.(map[string]any)) != fields(scopes[scope].(map[string]any)) {
				t.Errorf("%s %s: fields %s, recorded %s", call, scope, fields(scopes[scope].(map[string]any)), fields(in.(map[string]any)))
			}
		}
	case []any:
		list, _ := have.([]any)
		if len(list) != len(want) {
			t.Errorf("%s: %d items, recorded %d", call, len(list), len(want))
			return
		}
		for i, item := range want {
			recorded, own := item.(map[string]any), list[i].(map[string]any)
			for field := range own {
				// What the fake makes where the recording was thinned.
				if _, found := recorded[field]; !found && !slices.Contains([]string{"status", "initialNodeCount"}, field) {
					t.Errorf("%s: the recorded %v has no %s", call, recorded["name"], field)
				}
			}
		}
	}
}

func decoded(t *testing.T, text []byte) map[string]any {
	t.Helper()
	out := map[string]any{}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
