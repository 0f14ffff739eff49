package terraform

import (
	"slices"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// poolWith is a managed pool of cluster c in a plan that also creates subnetworks s["a"] to s["c"].
func poolWith(t *testing.T, after, unknown, config object) *topology.NodePool {
	t.Helper()
	pool := resource{address: "google_container_node_pool.np", after: object{"name": "np", "cluster": "projects/p/locations/r1/clusters/c", "project": "p", "location": "r1"}, config: config}
	for k, v := range after {
		pool.after[k] = v
	}
	if unknown != nil {
		pool.unknown = unknown
	}
	cluster := resource{address: "google_container_cluster.c", after: object{"name": "c", "project": "p", "location": "r1", "subnetwork": "own", "remove_default_node_pool": true,
		"ip_allocation_policy": one(object{"cluster_secondary_range_name": "pods"})}, config: object{}}
	pools := build{resources: append(keyed(""), cluster, pool)}.read(t).After.Clusters[0].Pools
	if len(pools) != 1 {
		t.Fatalf("%d pools", len(pools))
	}
	return pools[0]
}

// A pool's own place in the network: its subnetwork by value or reference, and its range of pods.
func TestPoolNetwork(t *testing.T) {
	const s = `google_compute_subnetwork.s["b"]`
	for name, tc := range map[string]struct {
		network, unknown, config object
		subnetwork               topology.ID
		pods                     string
		why                      string
	}{
		"nothing of its own":              {object{}, nil, object{}, subnetID("own"), "pods", ""},
		"a subnetwork by name":            {object{"subnetwork": "other"}, nil, object{}, subnetID("other"), "pods", ""},
		"a subnetwork by path":            {object{"subnetwork": "projects/host/regions/r1/subnetworks/x"}, nil, object{}, "google_compute_subnetwork/host/r1/x", "pods", ""},
		"a subnetwork by reference":       {object{}, object{"subnetwork": true}, object{"subnetwork": refs(s+".id", s)}, subnetID("b"), "pods", ""},
		"a subnetwork through a local":    {object{}, object{"subnetwork": true}, object{"subnetwork": refs("random_id.x.hex", "random_id.x")}, "", "pods", topology.KnownAfterApply},
		"an empty subnetwork, as a state": {object{"subnetwork": ""}, nil, object{}, subnetID("own"), "pods", ""},
		"a range of its own":              {object{"pod_range": "mine"}, nil, object{}, subnetID("own"), "mine", ""},
		"a range that GKE makes":          {object{"create_pod_range": true}, nil, object{}, subnetID("own"), "", ""},
		"a range that GKE does not make":  {object{"create_pod_range": false}, nil, object{}, subnetID("own"), "pods", ""},
		"a range that is made and named":  {object{"create_pod_range": true, "pod_range": "made"}, nil, object{}, subnetID("own"), "made", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var mask object
			if tc.unknown != nil {
				mask = object{"network_config": one(tc.unknown)}
			}
			p := poolWith(t, object{"network_config": one(tc.network)}, mask, object{"network_config": one(tc.config)})
			if tc.why != "" {
				unknown(t, "subnetwork", p.Subnetwork, tc.why)
			} else {
				is(t, "subnetwork", p.Subnetwork, tc.subnetwork)
			}
			is(t, "range of pods", p.PodRange, tc.pods)
		})
	}
}

// OAuth scopes: a block that names none leaves them to the API, and no block is the provider's default.
func TestPoolScopes(t *testing.T) {
	for name, tc := range map[string]struct {
		after   object
		want    []string
		why     string
		assumed bool
	}{
		"no block":                 {object{}, defaultScopes, "", true},
		"an empty list of blocks":  {object{"node_config": one[any]()}, defaultScopes, "", true},
		"a block that names none":  {object{"node_config": one(object{"machine_type": "e2-medium"})}, nil, "the API decides", false},
		"a block of an empty list": {object{"node_config": one(object{"oauth_scopes": one[any]()})}, nil, "the API decides", false},
		"a block that names one":   {object{"node_config": one(object{"oauth_scopes": one(topology.CloudPlatform)})}, []string{topology.CloudPlatform}, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			scopes := poolWith(t, tc.after, nil, object{}).Scopes
			if tc.why != "" {
				unknown(t, "scopes", scopes, tc.why)
				return
			}
			if got := scopes.Or(nil); !slices.Equal(got, tc.want) || scopes.Assumed != tc.assumed {
				t.Errorf("scopes are %v, assumed %v", got, scopes.Assumed)
			}
		})
	}
}

// Nodes of Autopilot bear the tags of node_pool_auto_config, also those of pools that the cluster's state lists.
func TestAutopilotTags(t *testing.T) {
	auto := one(object{"network_tags": one(object{"tags": one("auto")})})
	for name, tc := range map[string]struct {
		autopilot bool
		tags      any
		auto      any
		want      []string
	}{
		"a listed pool":                           {true, one("own"), auto, []string{"own", "auto"}},
		"a listed pool without tags":              {true, nil, auto, []string{"auto"}},
		"no tags of Autopilot":                    {true, one("own"), nil, []string{"own"}},
		"a standard cluster takes no part in it":  {false, one("own"), auto, []string{"own"}},
		"a standard cluster's pool without a tag": {false, nil, auto, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			b := build{resources: []resource{{address: "google_container_cluster.c", config: object{}, after: object{"name": "c", "project": "p", "location": "r1", "enable_autopilot": tc.autopilot,
				"node_pool_auto_config": tc.auto, "node_pool": one(object{"name": "default-pool", "node_config": one(object{"tags": tc.tags})})}}}}
			pools := b.read(t).After.Clusters[0].Pools
			if len(pools) != 1 {
				t.Fatalf("%d pools", len(pools))
			}
			if got, known := pools[0].Tags.Get(); !known || !slices.Equal(got, tc.want) {
				t.Errorf("tags are %v (known %v), want %v", got, known, tc.want)
			}
		})
	}
}

// An inline pool's account is found by the reference in its own block, not in its neighbour's.
func TestAccountOfAnInlinePool(t *testing.T) {
	block := func(name string) object {
		return object{"name": name, "node_config": one(object{"service_account": refs("google_service_account."+name+".email", "google_service_account."+name)})}
	}
	mask := object{"node_config": one(object{"service_account": true})}
	b := build{resources: []resource{account("first"), account("second"), {address: "google_container_cluster.c", unknown: object{"node_pool": one(mask, mask, mask)},
		after:  object{"name": "c", "project": "p", "location": "r1", "node_pool": one(object{"name": "x", "node_config": one(object{})}, object{"name": "y", "node_config": one(object{})}, object{"name": "z", "node_config": one(object{})})},
		config: object{"node_pool": one(block("first"), block("second"))}}}}
	f := b.read(t).After
	pools := f.Clusters[0].Pools
	if len(pools) != 3 {
		t.Fatalf("%d pools", len(pools))
	}
	is(t, "the first pool's account", pools[0].ServiceAccount, "first@p.iam.gserviceaccount.com")
	is(t, "the second pool's account", pools[1].ServiceAccount, "second@p.iam.gserviceaccount.com")
	if pools[1].Account != f.Accounts[1].ID {
		t.Errorf("the second pool's account is %s", pools[1].Account)
	}
	if pools[2].Account != "" {
		t.Errorf("a pool beyond the written blocks took %s", pools[2].Account)
	}
}
