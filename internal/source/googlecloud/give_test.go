package googlecloud

import (
	"encoding/json"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// The links of these tests: cluster "c" of project "p" in us-central1, in subnetwork "gke" of network "vpc".
const (
	api     = "https://www.googleapis.com/compute/v1/projects/p/"
	theVPC  = topology.ID("google_compute_network/p/global/vpc")
	theGKE  = topology.ID("google_compute_subnetwork/p/us-central1/gke")
	vpcLink = api + "global/networks/vpc"
)

// givers hand a decoded JSON object to the reader of its kind.
var givers = map[string]func(*Inventory, []byte) error{
	"cluster":    giver(func(v *Inventory, m *containerpb.Cluster) { v.Cluster(m) }),
	"network":    giver(func(v *Inventory, m *computepb.Network) { v.Network(m) }),
	"subnetwork": giver(func(v *Inventory, m *computepb.Subnetwork) { v.Subnetwork(m) }),
	"router":     giver(func(v *Inventory, m *computepb.Router) { v.Router(m) }),
	"route":      giver(func(v *Inventory, m *computepb.Route) { v.Route(m) }),
	"firewall":   giver(func(v *Inventory, m *computepb.Firewall) { v.Firewall(m) }),
	"policy":     giver(func(v *Inventory, m *computepb.FirewallPolicy) { v.FirewallPolicy(m) }),
	"forwarding": giver(func(v *Inventory, m *computepb.ForwardingRule) { v.ForwardingRule(m) }),
	"status": giver(func(v *Inventory, m *computepb.RouterStatus) {
		v.RouterStatus(api+"regions/us-central1/routers/r", m)
	}),
	"effective": giver(func(v *Inventory, m *computepb.NetworksGetEffectiveFirewallsResponse) {
		v.EffectiveFirewalls(vpcLink, m)
	}),
	"pool": giver(func(v *Inventory, m *containerpb.NodePool) {
		v.Pool("//container.googleapis.com/projects/p/zones/us-central1-a/clusters/c/nodePools/"+m.GetName(), m)
	}),
	"policyroute": func(v *Inventory, text []byte) error {
		var r *networkconnectivity.PolicyBasedRoute
		if err := json.Unmarshal(text, &r); err != nil {
			return err
		}
		v.PolicyRoute(r)
		return nil
	},
}

func giver[M any, T interface {
	*M
	proto.Message
}](give func(*Inventory, T)) func(*Inventory, []byte) error {
	return func(v *Inventory, text []byte) error {
		m := T(new(M))
		if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, m); err != nil {
			return err
		}
		give(v, m)
		return nil
	}
}

// object is one thing to read: its kind and its JSON.
type object struct{ kind, text string }

// read gives the facts of objects. They are read twice, as paging and retries may bring them: it makes no difference.
func read(t *testing.T, objects ...object) topology.Facts {
	t.Helper()
	v := New("test")
	for range 2 {
		for _, o := range objects {
			if err := givers[o.kind](v, []byte(o.text)); err != nil {
				t.Fatalf("%s: %v\n%s", o.kind, err, o.text)
			}
		}
	}
	return v.Facts()
}

// sole is the only element of a list.
func sole[T any](t *testing.T, list []T) T {
	t.Helper()
	if len(list) != 1 {
		t.Fatalf("%d facts, want one", len(list))
	}
	return list[0]
}

// is compares a value with what it should be; an unknown one is "?".
func is[T comparable](t *testing.T, what string, v topology.Value[T], want T) {
	t.Helper()
	if got, known := v.Get(); !known || got != want {
		t.Errorf("%s is %v (%s), want %v", what, got, v.Why(), want)
	}
	if v.Origin.Object == "" || v.Origin.Attribute == "" {
		t.Errorf("%s has no origin: %+v", what, v.Origin)
	}
}
