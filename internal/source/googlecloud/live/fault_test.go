package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/api/dns/v1"
	"google.golang.org/protobuf/proto"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// sick is the estate with something wrong in every collection.
func sick() fake.World {
	w := estate()
	net, reg := &w.Projects[1], &w.Projects[3]
	net.Routers = append(net.Routers, fake.NAT("again", region, "main"))
	net.Routers[0].Status = &computepb.RouterStatus{Network: proto.String("https://www.googleapis.com/compute/v1/" + vpc), BestRoutes: []*computepb.Route{
		{DestRange: proto.String("0.0.0.0/1"), RouteType: proto.String("BGP"), NextHopIp: proto.String("10.9.9.9"), Network: proto.String("https://www.googleapis.com/compute/v1/" + vpc)}}}
	net.Firewalls = []*computepb.Firewall{{Name: proto.String("deny"), Network: proto.String("main"), Direction: proto.String("EGRESS"), Priority: proto.Int32(10),
		Denied: []*computepb.Denied{{IPProtocol: proto.String("all")}}, DestinationRanges: []string{"0.0.0.0/0"}}}
	net.ResponsePolicies[0].Rules = []*dns.ResponsePolicyRule{{RuleName: "r", DnsName: "gcr.io.", LocalData: &dns.ResponsePolicyRuleLocalData{
		LocalDatas: []*dns.ResourceRecordSet{{Name: "gcr.io.", Type: "A", Rrdatas: []string{"10.0.0.77"}}}}}}
	reg.Perimeter = map[string]*artifactregistrypb.VPCSCConfig{region: {VpcscPolicy: artifactregistrypb.VPCSCConfig_DENY}}
	reg.Repositories[0].Policy = fake.Allow("roles/artifactregistry.reader", "serviceAccount:somebody@else.iam.gserviceaccount.com")
	return w
}

// crowded is the estate with two gateways for one subnetwork, one of them without the pods' range and without addresses enough.
func crowded() fake.World {
	w := estate()
	net := &w.Projects[1]
	small := fake.NAT("small", region, "main", fake.PrimaryRange("gke"))
	small.Nats[0].NatIpAllocateOption, small.Nats[0].NatIps = proto.String("MANUAL_ONLY"), []string{"projects/net/regions/" + region + "/addresses/b"}
	small.Nats[0].MinPortsPerVm = proto.Int32(32768)
	net.Routers = append(net.Routers, small)
	return w
}

// judge is the worst status of each check, in the order fail, unknown, pass, skip.
func judge(f topology.Facts) map[string]topology.Verdict {
	for i, ref := range []string{appImage, hubImage, "gcr.io/reg/app:1", "nginx:1"} {
		use := &topology.ImageUse{Declared: true, From: fmt.Sprint("--image ", i), Ref: topology.Known(ref, topology.Origin{}), Cluster: topology.Unknown[topology.ID]("flags name no cluster", topology.Origin{})}
		f.Images = append(f.Images, use)
	}
	worst := map[string]topology.Verdict{}
	for _, r := range checks.Judge(topology.New(f), nil, checks.Policy{Internet: "required"}).Results {
		if was, judged := worst[r.Check]; !judged || r.Status > was {
			worst[r.Check] = r.Status
		}
	}
	return worst
}

// Whatever goes wrong with whichever question, no check is better off than without the fault, and what is not struck is read all the same.
func TestNoFaultMakesAnythingBetter(t *testing.T) {
	for name, world := range map[string]fake.World{"well": estate(), "crowded": crowded(), "sick": sick()} {
		s := serve(t, world)
		whole, _ := read(t, client(t, s), everything())
		want := judge(whole)
		calls := s.Calls()
		for _, call := range calls {
			for _, fault := range []fake.Fault{fake.Denied(), fake.Partial(), fake.Loop()} {
				if fault.Name == "partial" && !call.HasPartial() || fault.Name == "loop" && !strings.Contains(call.Permission, ".list") {
					continue
				}
				t.Run(name+"/"+fault.Name+"/"+call.Path, func(t *testing.T) {
					s.Forget()
					s.Fault(fake.Match{Path: call.Path}, fault)
					facts, _ := read(t, client(t, s), everything())
					if n := len(facts.Readings); call.API != "container" && n < len(whole.Readings)-1 {
						t.Errorf("%d readings are left of %d", n, len(whole.Readings))
					}
					for check, got := range judge(facts) {
						was := want[check]
						if got <= topology.Pass && was > topology.Pass {
							t.Errorf("%s: %v, and %v without the fault", check, got, was)
						}
					}
				})
			}
		}
	}
}

// off is an API that is switched off in the project that is billed, by its number.
func off(number string) fake.Fault {
	return fake.Status(403, `{"error":{"code":403,"message":"off","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED",`+
		`"domain":"googleapis.com","metadata":{"service":"networkconnectivity.googleapis.com","consumer":"projects/`+number+`"}}]}}`)
}

// What a report says of what went wrong.
func TestRefusals(t *testing.T) {
	routers := fake.Match{Path: "/compute/v1/projects/net/aggregated/routers"}
	for _, tc := range []struct {
		name  string
		match fake.Match
		fault fake.Fault
		of    topology.Collection
		in    string
		why   string
	}{
		{"denied", routers, fake.Denied(), topology.Routers, "net", "403: compute.routers.list (roles/compute.networkViewer holds it)"},
		{"off", routers, fake.Disabled(), topology.Routers, "net", "403: compute.googleapis.com is off in project net (compute.routers.list)"},
		{"busy for an hour", routers, fake.Busy(time.Hour), topology.Routers, "net", "429: too many requests: compute.routers.list"},
		{"down", routers, fake.Status(503, "no"), topology.Routers, "net", "503: compute.routers.list"},
		{"cut off", routers, fake.Truncated(), topology.Routers, "net", "the answer broke off: compute.routers.list"},
		{"partial", routers, fake.Partial(), topology.Routers, "net", "the answer lacks regions/us-central1: compute.routers.list"},
		{"in a circle", routers, fake.Loop(), topology.Routers, "net", "the list is broken, a page leads back to one that was read: compute.routers.list"},
		{"no JSON", routers, fake.NotJSON(), topology.Routers, "net", "compute.routers.list: the answer is no JSON"},
		{"the second page", fake.Match{Path: routers.Path, Pages: true}, fake.Denied(), topology.Routers, "net", "403: compute.routers.list (roles/compute.networkViewer holds it)"},
		{"names", fake.Match{Permission: "dns.policies.list"}, fake.Denied(), topology.DNS, "net", "403: dns.policies.list (roles/dns.reader holds it)"},
		{"records", fake.Match{Permission: "dns.resourceRecordSets.list"}, fake.Denied(), topology.DNS, "net", "403: dns.resourceRecordSets.list (roles/dns.reader holds it)"},
		{"what a router learned", fake.Match{Permission: "compute.routers.get"}, fake.Denied(), topology.Routes, "net", "403: compute.routers.get (roles/compute.networkViewer holds it)"},
		{"policy-based routes", fake.Match{API: "network_connectivity"}, fake.Denied(), topology.Routes, "net", "403: networkconnectivity.policyBasedRoutes.list (roles/viewer holds it)"},
		{"none, as their API is off", fake.Match{API: "network_connectivity"}, fake.Disabled(), topology.Routes, "net", ""},
		{"none, as it is off by number", fake.Match{API: "network_connectivity"}, off("100000000002"), topology.Routes, "net", ""},
		{"off in the credentials' own project", fake.Match{API: "network_connectivity"}, off("764086051850"), topology.Routes, "net",
			"403: networkconnectivity.googleapis.com is off in project 764086051850 (networkconnectivity.policyBasedRoutes.list)"},
		{"rules, and all else is well", fake.Match{Permission: "compute.networks.getEffectiveFirewalls"}, fake.Denied(), topology.Firewalls, "net", "403: compute.networks.getEffectiveFirewalls (roles/compute.networkViewer holds it)"},
		{"a network that is gone by then", fake.Match{Permission: "compute.networks.getEffectiveFirewalls"}, fake.Gone(), topology.Firewalls, "net", ""},
		{"repositories", fake.Match{Permission: "artifactregistry.repositories.list"}, fake.Denied(), topology.Repositories, "reg", "403: artifactregistry.repositories.list (roles/artifactregistry.reader holds it)"},
		{"a repository that is gone by then", fake.Match{Permission: "artifactregistry.repositories.getIamPolicy"}, fake.Gone(), topology.IAM, "reg", ""},
		{"grants above", fake.Match{Permission: "resourcemanager.folders.getIamPolicy"}, fake.Denied(), topology.IAM, "reg", "403: resourcemanager.folders.getIamPolicy (roles/iam.securityReviewer holds it)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, estate())
			s.Pages(1)
			s.Fault(tc.match, tc.fault)
			facts, _ := read(t, client(t, s), everything())
			if got := refusalOf(facts, tc.of, tc.in); got != tc.why {
				t.Errorf("%q, want %q", got, tc.why)
			}
			if len(facts.Clusters) != 2 || len(facts.Subnetworks) != 1 {
				t.Errorf("%d clusters and %d subnetworks are left", len(facts.Clusters), len(facts.Subnetworks))
			}
		})
	}
}

// What passes is asked for again, as long as it says or a little longer each time, and no more than five times.
func TestRetries(t *testing.T) {
	const quarter = 250 * time.Millisecond
	routes := fake.Match{Path: "/compute/v1/projects/net/global/routes"}
	for _, tc := range []struct {
		name  string
		fault fake.Fault
		calls int
		waits []time.Duration
		read  bool
	}{
		{"busy", fake.Busy(7 * time.Second).First(1), 2, []time.Duration{7 * time.Second}, true},
		{"busy for no time", fake.Busy(0).First(2), 3, []time.Duration{0, 0}, true},
		{"500 twice", fake.Status(500, "").First(2), 3, []time.Duration{quarter, 2 * quarter}, true},
		{"cut off once", fake.Truncated().First(1), 2, []time.Duration{quarter}, true},
		{"down", fake.Status(503, ""), 5, []time.Duration{quarter, 2 * quarter, 4 * quarter, 8 * quarter}, false},
		{"busy for an hour", fake.Busy(time.Hour), 1, nil, false},
		{"denied", fake.Denied(), 1, nil, false},
		{"a rate limit that is a 403", fake.Status(403, `{"error":{"code":403,"errors":[{"reason":"rateLimitExceeded"}]}}`).First(1), 2, []time.Duration{quarter}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, estate())
			s.Fault(routes, tc.fault)
			var n naps
			facts, _ := read(t, client(t, s, func(o *Options) { o.Wait = n.wait }), everything())
			if got := asked(s)["GET "+routes.Path]; got != tc.calls {
				t.Errorf("%d calls, want %d", got, tc.calls)
			}
			if !slices.Equal(n.list, tc.waits) {
				t.Errorf("waited %v, want %v", n.list, tc.waits)
			}
			if got := refusalOf(facts, topology.Routes, "net") == ""; got != tc.read {
				t.Errorf("read: %v", got)
			}
		})
	}
}
