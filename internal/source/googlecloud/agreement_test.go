package googlecloud_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// declared are the images of which every cluster is asked: of repositories, of Google's and of other registries.
var declared = []string{near + "-docker.pkg.dev/shop/apps/web:1", near + "-docker.pkg.dev/shop/hub/library/nginx:1", near + "-docker.pkg.dev/shop/all/web:1", near + "-docker.pkg.dev/shop/none/web:1",
	"gcr.io/shop/app:1", "nginx:1", "quay.io/org/app:1", "registry.k8s.io/pause:3.9"}

// seen is everything that whoever tells of a world says that it has told all of.
func seen(f topology.Facts, routes bool) topology.Facts {
	for _, project := range []string{"shop", "net"} {
		for _, c := range []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Firewalls, topology.DNS, topology.Endpoints,
			topology.Repositories, topology.IAM, topology.Perimeters} {
			f.Readings = append(f.Readings, topology.Reading{Collection: c, Project: project})
		}
		if routes {
			f.Readings = append(f.Readings, topology.Reading{Collection: topology.Routes, Project: project})
		}
	}
	for i, ref := range declared {
		use := &topology.ImageUse{Declared: true, From: fmt.Sprint("--image ", i), Ref: topology.Known(ref, topology.Origin{}), Cluster: topology.Unknown[topology.ID]("flags name no cluster", topology.Origin{})}
		f.Images = append(f.Images, use)
	}
	return f
}

// verdicts are the results of judging a world: what is said of each object by each check. Messages name whoever told of the world, and are not compared.
type verdicts map[string][]string

func judged(f topology.Facts) verdicts {
	j := checks.Judge(topology.New(f), nil, checks.Policy{})
	names, out := map[string]string{}, verdicts{}
	for _, c := range j.Clusters {
		names[c.Address] = c.Name
		out[c.Name] = []string{string(c.Verdict), c.PrivateNodes}
	}
	for _, r := range j.Results {
		at := strings.Join([]string{names[r.Cluster], r.Check, r.Object.Kind, r.Object.Name, r.Image}, " ")
		out[at] = append(out[at], fmt.Sprint(r.Status, " ", r.Severity))
	}
	for at := range out {
		slices.Sort(out[at])
		out[at] = slices.Compact(out[at])
	}
	return out
}

// worst is the worst that a check says.
func worst(f topology.Facts, check string) topology.Verdict {
	out := topology.Skip
	for _, r := range checks.Judge(topology.New(f), nil, checks.Policy{Only: []string{check}, Internet: "required"}).Results {
		out = topology.All(out, r.Status)
	}
	return out
}

// differences are what two say differently, with the messages of both.
func differences(t testing.TB, a, b topology.Facts) []string {
	t.Helper()
	var out []string
	x, y := judged(a), judged(b)
	for _, at := range slices.Sorted(maps.Keys(x)) {
		if !slices.Equal(x[at], y[at]) {
			out = append(out, fmt.Sprintf("%s: %v and %v", at, x[at], y[at]))
		}
	}
	for _, at := range slices.Sorted(maps.Keys(y)) {
		if x[at] == nil {
			out = append(out, fmt.Sprintf("%s: [] and %v", at, y[at]))
		}
	}
	return out
}

const worlds = 150

// The same world comes to the same verdicts, whoever tells of it: a state in the google provider's shape, Google Cloud's APIs, or an export.
func TestReadersAgree(t *testing.T) {
	said := map[string]int{}
	for seed := range uint64(worlds) {
		w := chance(seed)
		live := seen(w.api(t, w.things), true)
		for _, d := range differences(t, seen(w.terraform(t, w.things, false, nil), false), live) {
			t.Errorf("world %d, state and API: %s", seed, d)
		}
		// Cloud Asset Inventory does not export what remote repositories may do in a perimeter.
		exported := slices.DeleteFunc(slices.Clone(w.things), func(o thing) bool { return strings.HasSuffix(o.kind, "/VpcscConfig") })
		for _, d := range differences(t, seen(w.exported(t, exported), true), seen(w.api(t, exported), true)) {
			t.Errorf("world %d, export and API: %s", seed, d)
		}
		for at, v := range judged(live) {
			if parts := strings.Split(at, " "); len(parts) > 1 {
				for _, status := range v {
					status, _, _ = strings.Cut(status, " ")
					said[parts[1]+" "+status]++
				}
			}
		}
	}
	for _, check := range []string{"docker-hub-limit", "egress-firewall", "image-reachable", "internet-route", "mirror-dependence", "nat-capacity", "nat-node-range", "nat-overlap",
		"nat-pod-range", "nat-range-names", "node-scopes", "private-google-access", "registry-access", "registry-dns", "repository"} {
		if said[check+" pass"] == 0 || said[check+" fail"] == 0 {
			t.Errorf("of all worlds, %s passes in %d and fails in %d: they do not tell whether the readers agree on it", check, said[check+" pass"], said[check+" fail"])
		}
	}
}

// split gives each thing to a state, to Google Cloud or to both. Google Cloud tells of nothing without what that lies in: of no record without its zone, and of a
// response policy by its rules.
func (w world) split(r *rand.Rand) (told, exist []thing) {
	whole := map[string]bool{}
	for _, o := range slices.Backward(w.things) {
		at := r.IntN(3)
		if at > 0 && !o.implied {
			mine := o
			if at == 1 && strings.HasSuffix(o.kind, ".googleapis.com/Policy") && o.body["bindings"] != nil {
				// Where Google Cloud tells the policy as a whole, a configuration need not.
				mine.more = fields{"apart": []string{"members", "bindings"}[r.IntN(2)]}
			}
			told = append(told, mine)
		}
		if at < 2 || o.implied || whole[o.path] || strings.HasSuffix(o.path, "/rules/gcr") {
			exist = append(exist, o)
			for _, part := range []string{"/rrsets/", "/rules/"} {
				if outer, _, inside := strings.Cut(o.path, part); inside {
					whole[outer] = true
				}
			}
		}
	}
	return told, exist
}

// A world of which a state or a plan tells one part and Google Cloud another comes to the same verdicts as one that either tells whole.
func TestPartsAgree(t *testing.T) {
	for seed := range uint64(worlds) {
		w := chance(seed)
		r := rand.New(rand.NewPCG(seed, 8))
		told, exist := w.split(r)
		there := w.api(t, exist)
		for name, plan := range map[string]bool{"state": false, "plan": true} {
			for _, d := range differences(t, seen(w.terraform(t, told, plan, &there), true), seen(w.api(t, w.things), true)) {
				t.Errorf("world %d, %s with API, and API: %s", seed, name, d)
			}
		}
	}
}
