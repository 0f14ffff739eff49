package checks

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// docker.io without a way to the internet, to the letter of the contract: by policy, and by what can be reached.
func TestDockerHub(t *testing.T) {
	noWay := []change{access(false, true)}
	steered := []change{steer(privateAddresses...), func(f *topology.Facts) { f.Zones[0].Forwarding = true }} // whether the mirror is reached is not known
	type row struct {
		reachable, via string
		dependent      bool
	}
	for _, tc := range []struct {
		name     string
		mirror   string
		changes  []change
		reach    topology.Verdict
		depend   topology.Verdict
		severity Severity // of mirror-dependence
		row      row
	}{
		{"deny, a gateway", "deny", []change{nat("n")}, topology.Pass, topology.Pass, Error, row{"pass", "internet", false}},
		{"deny, only the mirror", "deny", nil, topology.Skip, topology.Fail, Error, row{"unknown", "mirror", true}},
		{"by default, only the mirror", "", nil, topology.Skip, topology.Fail, Error, row{"unknown", "mirror", true}},
		{"warn, only the mirror", "warn", nil, topology.Skip, topology.Fail, Warning, row{"unknown", "mirror", true}},
		{"allow, only the mirror", "allow", nil, topology.Pass, topology.Skip, "", row{"unknown", "mirror", true}},
		{"allow, a gateway", "allow", []change{nat("n")}, topology.Pass, topology.Skip, "", row{"pass", "internet", false}},
		{"deny, neither", "deny", noWay, topology.Fail, topology.Skip, "", row{"fail", "none", false}},
		{"warn, neither", "warn", noWay, topology.Fail, topology.Skip, "", row{"fail", "none", false}},
		{"allow, neither", "allow", noWay, topology.Fail, topology.Skip, "", row{"fail", "none", false}},
		{"deny, the mirror unknown", "deny", steered, topology.Skip, topology.Fail, Error, row{"unknown", "mirror", true}},
		{"allow, the mirror unknown", "allow", steered, topology.Undecided, topology.Skip, "", row{"unknown", "mirror", true}},
		{"deny, nobody looked", "deny", []change{unmanaged}, topology.Undecided, topology.Undecided, Error, row{"unknown", "unknown", false}},
		{"deny, a custom next hop", "deny", []change{proxied}, topology.Undecided, topology.Undecided, Error, row{"unknown", "unknown", false}},
		{"deny, an endpoint to the mirror", "deny", []change{noDefaultRoute, endpoint("10.99.0.5"), steer("10.99.0.5")}, topology.Skip, topology.Fail, Error, row{"unknown", "mirror", true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(append([]change{pulls(hub)}, tc.changes...)...), Policy{Mirror: tc.mirror, Only: []string{"image-reachable", "mirror-dependence"}})
			compare(t, the(t, j, "image-reachable"), want{status: tc.reach, severity: Error, object: workload})
			compare(t, the(t, j, "mirror-dependence"), want{status: tc.depend, severity: tc.severity, object: workload})
			i := j.Images[0]
			if got := (row{i.Reachable, i.Via, i.MirrorDependent}); got != tc.row {
				t.Errorf("images[] %+v, want %+v", got, tc.row)
			}
		})
	}
}

func TestMirrorDependenceWords(t *testing.T) {
	r := the(t, judge(world(pulls(hub)), Policy{}), "mirror-dependence")
	compare(t, r, want{topology.Fail, Error, workload, []string{"depends on the mirror.gcr.io cache", "promises nothing", "no way to Docker Hub"},
		`image = "us-central1-docker.pkg.dev/p/docker-io/library/nginx:1.27"`, "nat-node-range"})
	if strings.Contains(r.Message, "will fail") || strings.Contains(r.Message, "cannot be pulled") {
		t.Errorf("the miss is not certain: %s", r.Message)
	}
	for _, way := range []string{"Cloud NAT", "remote repository", `mirror = "warn"`} {
		if !strings.Contains(r.Fix, way) {
			t.Errorf("the fix does not show %q:\n%s", way, r.Fix)
		}
	}
}

func TestMirrorDependenceAsks(t *testing.T) {
	expect(t, "mirror-dependence", []expectation{
		{name: "no docker.io image", facts: world(pulls(quay), pulls(google))},
		{name: "the mirror itself named", facts: world(pulls("mirror.gcr.io/library/nginx:1.27"))},
		{name: "Docker Hub's own host is no docker.io name", facts: world(pulls("registry-1.docker.io/library/nginx:1.27"))},
		{name: "public nodes", facts: world(pulls(hub), pool(public))},
		{name: "inferred", facts: world(pulls(hub, guessed)), want: []want{{topology.Fail, Warning, workload, nil, "", "nat-node-range"}}},
		{name: "a further name of docker.io", facts: world(pulls("index.docker.io/library/nginx:1.27")), want: []want{{topology.Fail, Error, workload, nil, "library/nginx:1.27", "nat-node-range"}}},
	})
}

func TestImageRows(t *testing.T) {
	noAccess := access(false, true)
	for _, tc := range []struct {
		name                       string
		ref                        string
		changes                    []change
		normalized, reachable, via string
	}{
		{"internet", quay, []change{nat("n")}, quay, "pass", "internet"},
		{"internet, no way", quay, nil, quay, "fail", "none"},
		{"internet, unknown", quay, []change{unmanaged}, quay, "unknown", "unknown"},
		{"google", google, nil, google, "pass", "google"},
		{"google by an endpoint", google, []change{endpoint("10.99.0.5"), steer("10.99.0.5")}, google, "pass", "endpoint"},
		{"google, no way", google, []change{noAccess}, google, "fail", "none"},
		{"a private host", "10.1.2.3:5000/app:1", nil, "10.1.2.3:5000/app:1", "unknown", "unknown"},
		{"unparsable", "Nginx", nil, "", "fail", "none"},
		{"public nodes", quay, []change{pool(public)}, quay, "pass", "internet"},
		{"perhaps private nodes never fail", quay, []change{pool(perhaps)}, quay, "unknown", "unknown"},
		{"normalised", "nginx", []change{nat("n")}, "docker.io/library/nginx:latest", "pass", "internet"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(append([]change{pulls(tc.ref)}, tc.changes...)...), Policy{})
			if len(j.Images) != 1 {
				t.Fatalf("%d rows, want one", len(j.Images))
			}
			i := j.Images[0]
			if i.Ref != tc.ref || i.Normalized != tc.normalized || i.Reachable != tc.reachable || i.Via != tc.via || i.Cluster != clusterAddress || len(i.From) != 1 {
				t.Errorf("got %+v", i)
			}
		})
	}
	t.Run("one row for each reference, with every place", func(t *testing.T) {
		other := func(u *topology.ImageUse) { u.From = "a.yaml:3" }
		j := judge(world(pulls(quay), pulls(quay, other), pulls(google)), Policy{})
		if len(j.Images) != 2 || strings.Join(j.Images[0].From, " ") != "a.yaml:3 "+workload || j.Images[1].Ref != google {
			t.Errorf("got %+v", j.Images)
		}
	})
}
