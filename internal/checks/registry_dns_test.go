package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const (
	gcrZone = "google_dns_managed_zone.gcr"
	pkgZone = "google_dns_managed_zone.pkg"
)

func TestRegistryDNS(t *testing.T) {
	pass := func(object string) want { return want{status: topology.Pass, severity: Error, object: object} }
	fail := func(object, fix string, says ...string) want {
		return want{status: topology.Fail, severity: Error, object: object, says: says, fix: fix}
	}
	unknown := func(object string, says ...string) want {
		return want{status: topology.Undecided, severity: Error, object: object, says: says}
	}
	pkg := zone("pkg", "pkg.dev", apex("pkg.dev", privateAddresses...), wildcard("pkg.dev"))
	gcr := func(records ...record) change { return zone("gcr", "gcr.io", records...) }
	apis := zone("apis", "googleapis.com", apex("private.googleapis.com", privateAddresses...), record{"*.googleapis.com.", "CNAME", []string{"private.googleapis.com."}})
	closed := func(more ...change) topology.Facts { return world(append(more, noDefaultRoute)...) }
	vip := route("vip", "199.36.153.8/30", topology.HopInternetGateway)
	expect(t, "registry-dns", []expectation{
		{name: "nothing overrides", facts: world(), want: []want{{topology.Pass, Error, clusterAddress, []string{"nothing overrides"}, "", ""}}},
		{name: "both domains steered", facts: world(steer(privateAddresses...)), want: []want{pass(gcrZone), pass(pkgZone)}},
		{name: "restricted addresses", facts: world(steer(restrictedAddresses...)), want: []want{pass(gcrZone), pass(pkgZone)}},
		{name: "isolated, with a route to the addresses", facts: closed(steer(privateAddresses...), vip), want: []want{pass(gcrZone), pass(pkgZone)}},
		{name: "somebody else's zone", facts: world(zone("corp", "corp.example")), want: []want{pass(clusterAddress)}},
		{name: "a zone on another network", facts: world(gcr(), func(f *topology.Facts) { f.Zones[0].Networks[0] = known(networkID("other")) }), want: []want{pass(clusterAddress)}},
		{name: "an endpoint", facts: closed(endpoint("10.99.0.5"), steer("10.99.0.5")), want: []want{pass(gcrZone), pass(pkgZone)}},
		{name: "a response policy", facts: world(response("any", "*.gcr.io", "A", privateAddresses...), response("gcr", "gcr.io", "A", privateAddresses...)), want: []want{
			pass(clusterAddress), pass("google_dns_response_policy_rule.any"), pass("google_dns_response_policy_rule.gcr")}},

		{name: "no wildcard", facts: world(pkg, gcr(apex("gcr.io", privateAddresses...))), want: []want{
			fail(gcrZone, `name         = "*.gcr.io."`, `cluster "c" does not reach gke.gcr.io`, "no such host"), pass(pkgZone)}},
		{name: "no apex", facts: world(pkg, gcr(record{"*.gcr.io.", "A", privateAddresses})), want: []want{
			fail(gcrZone, `name         = "gcr.io."`, `does not reach gcr.io:`, "no such host"), pass(pkgZone)}},
		{name: "no records: one result names both hosts", facts: world(pkg, gcr(record{"other.gcr.io.", "A", privateAddresses})), want: []want{
			fail(gcrZone, "google_dns_managed_zone.gcr.name", `cluster "c" does not reach gcr.io and gke.gcr.io: zone "gcr" answers for gcr.io`), pass(pkgZone)}},
		{name: "a wildcard for an apex that is missing: one result", facts: world(pkg, gcr(wildcard("gcr.io"))), want: []want{
			fail(gcrZone, "", `does not reach gcr.io and gke.gcr.io`), pass(pkgZone)}},
		{name: "no route to the addresses: one result for all hosts", facts: closed(steer(privateAddresses...)), want: []want{
			fail(clusterAddress, `dest_range       = "199.36.153.8/30"`, "us-central1-docker.pkg.dev and gcr.io and gke.gcr.io", "no route to 199.36.153.8")}},
		{name: "no route to the restricted addresses", facts: closed(steer(restrictedAddresses...), vip), want: []want{
			fail(clusterAddress, `dest_range       = "199.36.153.4/30"`, "no route")}},
		{name: "the firewall", facts: world(steer(privateAddresses...), denyAll), want: []want{
			fail(clusterAddress, `destination_ranges = ["199.36.153.8/30"]`, `rule "deny-all"`)}},
		{name: "the firewall, open for the addresses", facts: world(steer(privateAddresses...), denyAll, rule("google", topology.Allow, 900, "199.36.153.8/30")), want: []want{
			pass(gcrZone), pass(pkgZone)}},
		{name: "one domain only, isolated: one result", facts: closed(pkg, vip), want: []want{
			fail(clusterAddress, `resource "google_dns_managed_zone" "gcr_io"`, "gcr.io and gke.gcr.io", "us-central1-docker.pkg.dev is resolved privately, gcr.io and gke.gcr.io are not"), pass(pkgZone)}},
		{name: "one domain only, open", facts: world(pkg), want: []want{pass(clusterAddress), pass(pkgZone)}},
		{name: "googleapis.com only, isolated", facts: closed(apis, vip), want: []want{
			fail(clusterAddress, `"gcr_io"`, "gcr.io and gke.gcr.io", "googleapis.com is resolved privately"),
			fail(clusterAddress, `"pkg_dev"`, "us-central1-docker.pkg.dev", "googleapis.com is resolved privately")}},
		{name: "googleapis.com only, open", facts: world(apis), want: []want{pass(clusterAddress)}},
		{name: "the fix keeps to the neighbours' addresses", facts: closed(zone("pkg", "pkg.dev", apex("pkg.dev", restrictedAddresses...), wildcard("pkg.dev")), route("vip", "199.36.153.4/30", topology.HopInternetGateway)), want: []want{
			fail(clusterAddress, `"199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"]`), pass(pkgZone)}},
		{name: "the fix keeps to the neighbour's endpoint", facts: closed(endpoint("10.99.0.5"), zone("pkg", "pkg.dev", apex("pkg.dev", "10.99.0.5"), wildcard("pkg.dev"))), want: []want{
			fail(clusterAddress, `rrdatas      = ["10.99.0.5"]`), pass(pkgZone)}},
		{name: "a response policy without address", facts: world(response("gcr", "gke.gcr.io", "AAAA", "2600:2d00:2:2000::")), want: []want{
			pass(clusterAddress), fail("google_dns_response_policy_rule.gcr", "local_datas", "no A record")}},

		{name: "servers of your own", facts: world(pkg, gcr(), func(f *topology.Facts) { f.Zones[1].Forwarding = true }), want: []want{
			unknown(gcrZone, "gcr.io and gke.gcr.io", "asked of your own servers"), pass(pkgZone)}},
		{name: "a rule denies the endpoint: the fix opens its address alone", facts: closed(endpoint("10.99.0.5"), steer("10.99.0.5"), denyAll), want: []want{
			fail(clusterAddress, `destination_ranges = ["10.99.0.5/32"]`, `rule "deny-all"`)}},
		{name: "a rule denies the restricted addresses", facts: world(steer(restrictedAddresses...), denyAll), want: []want{
			fail(clusterAddress, `destination_ranges = ["199.36.153.4/30"]`)}},
		{name: "the rule that denies is found among others", facts: world(steer(privateAddresses...), rule("other", topology.Deny, 50, "10.0.0.0/8"), denyAll), want: []want{
			fail(clusterAddress, "priority           = 999\n")}},
		{name: "a cluster whose place nobody tells", facts: world(steer(privateAddresses...), noDefaultRoute, cluster(func(c *topology.Cluster) { c.Location = "" }), func(f *topology.Facts) { f.Subnetworks[0].Location = "" }),
			want: []want{fail(clusterAddress, "199.36.153.8/30", "us-central1-docker.pkg.dev and gcr.io and gke.gcr.io")}},
		{name: "a private address of nobody known", facts: world(steer("10.99.0.5")), want: []want{
			unknown(gcrZone, "gcr.io and gke.gcr.io", "a private address"), unknown(pkgZone, "us-central1-docker.pkg.dev")}},
		{name: "data that apply decides", facts: world(pkg, gcr(apex("gcr.io")), func(f *topology.Facts) { f.RecordSets[2].Data = later[[]string]() }), want: []want{
			fail(gcrZone, "", "gke.gcr.io"), unknown(gcrZone, "gcr.io", topology.KnownAfterApply), pass(pkgZone)}},
	})
}

// One cause is one error: the zones of an isolated network that lack gcr.io fail registry-dns, not private-google-access as well.
func TestRegistryDNSIsTheOnlyError(t *testing.T) {
	apis := zone("apis", "googleapis.com", apex("private.googleapis.com", privateAddresses...), record{"*.googleapis.com.", "CNAME", []string{"private.googleapis.com."}})
	j := judge(world(noDefaultRoute, apis, route("vip", "199.36.153.8/30", topology.HopInternetGateway)), Policy{Internet: "images"})
	for _, r := range j.Results {
		if r.Status == topology.Fail && r.Check != "registry-dns" {
			t.Errorf("%s fails too: %s", r.Check, r.Message)
		}
	}
}
