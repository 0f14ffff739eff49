package checks

import (
	"net/netip"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var (
	privateAddresses    = []string{"199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"}
	restrictedAddresses = []string{"199.36.153.4", "199.36.153.5", "199.36.153.6", "199.36.153.7"}
)

// record is the data of one name in a zone.
type record struct {
	name, kind string
	data       []string
}

// apex and wildcard are the two records that a domain of Google's needs.
func apex(domain string, data ...string) record { return record{domain + ".", "A", data} }

func wildcard(domain string) record {
	return record{"*." + domain + ".", "CNAME", []string{domain + "."}}
}

// zone adds a private zone on the network.
func zone(name, domain string, records ...record) change {
	return func(f *topology.Facts) {
		o := object("zone", project, "global", name)
		o.Kind, o.Address = "google_dns_managed_zone", "google_dns_managed_zone."+name
		f.Zones = append(f.Zones, &topology.Zone{Object: o, DNSName: known(domain + "."), Networks: []topology.Value[topology.ID]{known(networkID("vpc"))}, NetworksTold: true})
		for i, r := range records {
			s := object("record", project, "global", name+string(rune('a'+i)))
			s.Kind, s.Address = "google_dns_record_set", "google_dns_record_set."+s.Name
			f.RecordSets = append(f.RecordSets, &topology.RecordSet{Object: s, Zone: known(o.ID), DNS: known(r.name), Type: known(r.kind), Data: known(r.data)})
		}
	}
}

// steer sends both registry domains to addresses, as the documentation asks.
func steer(addresses ...string) change {
	return func(f *topology.Facts) {
		zone("gcr", "gcr.io", apex("gcr.io", addresses...), wildcard("gcr.io"))(f)
		zone("pkg", "pkg.dev", apex("pkg.dev", addresses...), wildcard("pkg.dev"))(f)
	}
}

// response adds a response policy rule on the network.
func response(name, domain, kind string, data ...string) change {
	return func(f *topology.Facts) {
		o := object("rule", project, "global", name)
		o.Kind, o.Address = "google_dns_response_policy_rule", "google_dns_response_policy_rule."+name
		f.Responses = append(f.Responses, &topology.ResponseRule{Object: o, Networks: []topology.Value[topology.ID]{known(networkID("vpc"))}, NetworksTold: true,
			DNS: known(domain + "."), Type: kind, Data: known(data)})
	}
}

// endpoint adds a Private Service Connect endpoint in the network.
func endpoint(address string) change {
	return func(f *topology.Facts) {
		f.Endpoints = append(f.Endpoints, &topology.Endpoint{Object: object("global_forwarding_rule", project, "global", "psc"), Network: known(networkID("vpc")),
			Address: known(netip.MustParseAddr(address)), Bundle: known("all-apis")})
	}
}

// pulls adds a use of an image by a workload of the cluster.
func pulls(ref string, changes ...func(*topology.ImageUse)) change {
	return func(f *topology.Facts) {
		o := topology.Object{ID: "workload/" + topology.ID(ref), Kind: "kubernetes_deployment", Address: "kubernetes_deployment.web", Name: "web", Managed: true}
		u := &topology.ImageUse{Ref: known(ref), Cluster: known(f.Clusters[0].ID), From: o.Address, Object: o}
		for _, ch := range changes {
			ch(u)
		}
		f.Images = append(f.Images, u)
	}
}

func declared(u *topology.ImageUse) { u.Declared = true }
func guessed(u *topology.ImageUse)  { u.Ref.Inferred = true }
func fromUnknown(u *topology.ImageUse) {
	u.Ref = topology.Unknown[string](topology.KnownAfterApply, topology.Origin{})
}
