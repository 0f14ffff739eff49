package checks

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// rich is a world in which every collection has something to say, with clusters that share it.
func rich() topology.Facts {
	return world(
		addSubnetwork("far", "10.40.0.0/20"), addPool("far", in("far")), addPool("tagged", tagged("x", "a")), addPool("tagged-too", tagged("a", "x")), addPool("open", public),
		func(f *topology.Facts) {
			f.Clusters = append(f.Clusters, newCluster("b", newPool("b1"), newPool("b2")))
		},
		nat("n", lists(named("gke", "pods", "gone"), entry("far")), manual(1)), nat("m", lists(entry("gke")), manual(1)), natOn("east", "us-east1", "vpc"),
		route("vip", "199.36.153.8/30", topology.HopInternetGateway), route("tagged", "0.0.0.0/0", topology.HopCustom, routeTags("x"), func(r *topology.Route) { r.Priority = known(1) }),
		denyAll, rule("allow", topology.Allow, 900, "199.36.153.8/30"), rule("allow-x", topology.Allow, 800, "0.0.0.0/0", ruleTags("x")),
		zone("pkg", "pkg.dev", apex("pkg.dev", privateAddresses...), wildcard("pkg.dev")), zone("gcr", "gcr.io", apex("gcr.io", privateAddresses...)),
		response("apis", "*.googleapis.com", "A", privateAddresses...), endpoint("10.99.0.5"), masquerade("10.0.0.0/8"),
		pulls(hub), pulls(quay), pulls(google), pulls("Nginx"), pulls(quay, func(u *topology.ImageUse) { u.From = "a.yaml:1" }),
		reading(topology.Routers, ""), reading(topology.Routes, "403: compute.routes.list"), reading(topology.Routes, ""),
		pulls("nginx", with("s", "t"), onPool("far")), pulls("gcr.io/p/app", with("s")), secret("s", "registry-1.docker.io"), secret("t"), secretIs(func(s *topology.PullSecret) { s.Type = known("Opaque") }),
		pulls(quay, func(u *topology.ImageUse) { u.Cluster, u.From = later[topology.ID](), "loose.yaml:2" }),
		makes, grant(toNodes, conditional), grant(to("group:g@example.com")), grant(toNodes, onRepository(region, "apps")), custom("puller", downloadPermission),
		repo("apps", remote("DOCKER_HUB")), repo("base"), virtual("apps"), vpcsc("DENY"), fence("p"), hosts("quay.io", "10.0.0.9"),
		answer(hub, serves("linux/arm64"), mirror(false)), answer(quay, gone), answer(google, silent),
		func(f *topology.Facts) {
			f.Deferred = append(f.Deferred, &topology.DeferredRead{Object: topology.Object{ID: "d", Address: "data.d"}}, &topology.DeferredRead{Object: topology.Object{ID: "e", Address: "data.e"}})
		},
	)
}

func shuffle[T any](r *rand.Rand, list []T) []T {
	out := slices.Clone(list)
	r.Shuffle(len(out), func(i, k int) { out[i], out[k] = out[k], out[i] })
	return out
}

func shuffled(r *rand.Rand, f topology.Facts) topology.Facts {
	for i, c := range f.Clusters {
		with := *c
		with.Pools = shuffle(r, c.Pools)
		f.Clusters[i] = &with
	}
	return topology.Facts{Clusters: shuffle(r, f.Clusters), Networks: shuffle(r, f.Networks), Subnetworks: shuffle(r, f.Subnetworks), Routers: shuffle(r, f.Routers),
		NATs: shuffle(r, f.NATs), Routes: shuffle(r, f.Routes), Firewalls: shuffle(r, f.Firewalls), Zones: shuffle(r, f.Zones), RecordSets: shuffle(r, f.RecordSets),
		Responses: shuffle(r, f.Responses), Endpoints: shuffle(r, f.Endpoints), Images: shuffle(r, f.Images), Masquerades: shuffle(r, f.Masquerades),
		Deferred: shuffle(r, f.Deferred), Repositories: shuffle(r, f.Repositories), Accounts: shuffle(r, f.Accounts), Grants: shuffle(r, f.Grants), Roles: shuffle(r, f.Roles),
		VPCSC: shuffle(r, f.VPCSC), Perimeters: shuffle(r, f.Perimeters), Secrets: shuffle(r, f.Secrets), Answers: shuffle(r, f.Answers), Readings: shuffle(r, f.Readings)}
}

func marshal(t *testing.T, j Judgement) string {
	t.Helper()
	text, err := json.MarshalIndent(j, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The same facts give the same judgement, byte for byte, in whatever order they come.
func TestStable(t *testing.T) {
	before := func() *topology.Topology { return topology.New(world(nat("n"))) }
	want := marshal(t, Judge(topology.New(rich()), before(), Policy{}))
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, seed))
		if got := marshal(t, Judge(topology.New(shuffled(r, rich())), before(), Policy{})); got != want {
			t.Fatalf("seed %d: the judgement differs:\n%s", seed, firstDifference(want, got))
		}
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] + "\n" + b[i]
		}
	}
	return "one is longer"
}

// Clusters come by address, results of a cluster in the order of the checks, results of a check by object.
func TestOrder(t *testing.T) {
	j := judge(rich(), Policy{})
	if j.Clusters[0].Name != "b" || j.Clusters[1].Name != "c" {
		t.Errorf("clusters %+v", j.Clusters)
	}
	order := map[string]int{}
	for i, c := range All() {
		order[c.Name] = i
	}
	for i, r := range j.Results[1:] {
		l := j.Results[i]
		if l.Cluster > r.Cluster || l.Cluster == r.Cluster && (order[l.Check] > order[r.Check] || l.Check == r.Check && l.Object.Address > r.Object.Address) {
			t.Errorf("%s %s %s comes before %s %s %s", l.Cluster, l.Check, l.Object.Address, r.Cluster, r.Check, r.Object.Address)
		}
	}
}

// Judging does not change the facts: a second judgement of the same topology is the same.
func TestRepeatable(t *testing.T) {
	top := topology.New(rich())
	if a, b := marshal(t, Judge(top, top, Policy{})), marshal(t, Judge(top, top, Policy{})); a != b {
		t.Error(firstDifference(a, b))
	}
}

// Every result of the rich world is well made.
func TestWellMade(t *testing.T) {
	for _, r := range judge(rich(), Policy{}).Results {
		if r.Check != "gated" {
			wellMade(t, r)
		}
	}
}
