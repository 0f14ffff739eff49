package googlecloud_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/api/accesscontextmanager/v1"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/networkconnectivity/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/asset"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// give decodes a body into its API's own type and hands that over.
func give[T proto.Message](t testing.TB, body []byte, m T, to func(T)) {
	t.Helper()
	if err := protojson.Unmarshal(body, m); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	to(m)
}

func givePlain[T any](t testing.TB, body []byte, to func(*T)) {
	t.Helper()
	var v T
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	to(&v)
}

// api is what Google Cloud tells of the things.
func (w world) api(t testing.TB, things []thing) topology.Facts {
	t.Helper()
	v := googlecloud.New("live")
	for _, o := range things {
		body, err := json.Marshal(o.body)
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(o.path, "/")
		service, kind, _ := strings.Cut(o.kind, "/")
		switch {
		case kind == "Network":
			give(t, body, &computepb.Network{}, v.Network)
		case kind == "Subnetwork":
			give(t, body, &computepb.Subnetwork{}, v.Subnetwork)
		case kind == "Router":
			give(t, body, &computepb.Router{}, v.Router)
		case kind == "Route":
			give(t, body, &computepb.Route{}, v.Route)
		case kind == "PolicyBasedRoute":
			givePlain(t, body, func(r *networkconnectivity.PolicyBasedRoute) { v.PolicyRoute(r) })
		case kind == "Firewall":
			give(t, body, &computepb.Firewall{}, v.Firewall)
		case kind == "FirewallPolicy":
			give(t, body, &computepb.FirewallPolicy{}, v.FirewallPolicy)
		case kind == "GlobalForwardingRule":
			give(t, body, &computepb.ForwardingRule{}, v.ForwardingRule)
		case kind == "ManagedZone":
			givePlain(t, body, func(z *dns.ManagedZone) { v.Zone(o.project(), z) })
		case kind == "ResourceRecordSet":
			givePlain(t, body, func(r *dns.ResourceRecordSet) { v.RecordSet(o.project(), parts[3], r) })
		case kind == "ResponsePolicy":
			givePlain(t, body, func(p *dns.ResponsePolicy) { v.ResponsePolicy(o.project(), p) })
		case kind == "ResponsePolicyRule":
			givePlain(t, body, func(r *dns.ResponsePolicyRule) { v.ResponsePolicyRule(o.project(), parts[3], r) })
		case service == "dns.googleapis.com" && kind == "Policy":
			givePlain(t, body, func(p *dns.Policy) { v.DNSPolicy(o.project(), p) })
		case kind == "Repository":
			give(t, body, &artifactregistrypb.Repository{}, v.Repository)
		case kind == "VpcscConfig":
			give(t, body, &artifactregistrypb.VPCSCConfig{}, v.VPCSCConfig)
		case kind == "Policy":
			give(t, body, &iampb.Policy{}, func(p *iampb.Policy) { v.Policy("//"+service+"/"+o.path, p) })
		case kind == "Role":
			givePlain(t, body, func(r *struct{ IncludedPermissions []string }) { v.Role(o.path, r.IncludedPermissions) })
		case kind == "ServicePerimeter":
			givePlain(t, body, func(p *accesscontextmanager.ServicePerimeter) { v.Perimeter(perimeter(p)) })
		case kind == "Project":
			v.Project(o.name(), 77, "")
		case kind == "Cluster":
			give(t, body, &containerpb.Cluster{}, v.Cluster)
		default:
			t.Fatalf("no API tells of %s", o.kind)
		}
	}
	return v.Facts()
}

func perimeter(p *accesscontextmanager.ServicePerimeter) googlecloud.Perimeter {
	out := googlecloud.Perimeter{Name: p.Name, Resources: p.Status.Resources, Restricted: p.Status.RestrictedServices}
	for _, e := range p.Status.EgressPolicies {
		out.EgressTo = append(out.EgressTo, e.EgressTo.Resources...)
	}
	return out
}

// exported is what an export of Cloud Asset Inventory tells of the things.
func (w world) exported(t testing.TB, things []thing) topology.Facts {
	t.Helper()
	var lines []byte
	for _, o := range things {
		service, kind, _ := strings.Cut(o.kind, "/")
		line := fields{"name": "//" + service + "/" + o.path, "asset_type": o.kind, "resource": fields{"version": "v1", "data": o.body}}
		switch {
		case kind == "Policy" && service != "dns.googleapis.com":
			line["asset_type"] = map[bool]string{true: "artifactregistry.googleapis.com/Repository", false: "cloudresourcemanager.googleapis.com/Project"}[strings.HasPrefix(service, "artifact")]
			line["iam_policy"] = o.body
			delete(line, "resource")
		}
		text, err := json.Marshal(line)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(append(lines, text...), '\n')
	}
	name := filepath.Join(t.TempDir(), "assets.json")
	if err := os.WriteFile(name, lines, 0o600); err != nil {
		t.Fatal(err)
	}
	f, notes, err := asset.Read(t.Context(), []string{name}, asset.Options{})
	if err != nil || len(notes) > 0 {
		t.Fatal(err, notes)
	}
	return f
}
