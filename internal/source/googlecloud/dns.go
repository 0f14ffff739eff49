package googlecloud

import (
	"strconv"
	"strings"

	"google.golang.org/api/dns/v1"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// names is what answers for names, until all of it is there: a record set tells its zone by name or by number, and it may come first.
type names struct {
	zones    []zone
	records  []recordSet
	policies []responsePolicy
	rules    []responseRule
}

type zone struct {
	project, number string
	fact            *topology.Zone
}

type recordSet struct {
	project, zone string
	fact          *topology.RecordSet
}

type responsePolicy struct {
	project, number, name string
	networks              []topology.Value[topology.ID]
}

type responseRule struct {
	project, policy string
	fact            *topology.ResponseRule
}

// Zone adds a private zone of Cloud DNS. Public ones override nothing and are left out, and so are the records in them.
func (v *Inventory) Zone(project string, z *dns.ManagedZone) {
	if z.Visibility != "private" {
		return
	}
	address := "//dns.googleapis.com/projects/" + project + "/managedZones/" + z.Name
	f := &topology.Zone{Object: v.object("google_dns_managed_zone", address, project, "", z.Name), NetworksTold: true}
	f.DNSName = topology.Known(withDot(z.DnsName), f.From("dnsName"))
	if z.PrivateVisibilityConfig != nil {
		for _, n := range z.PrivateVisibilityConfig.Networks {
			f.Networks = append(f.Networks, networkAt(n.NetworkUrl, f.From("privateVisibilityConfig")))
		}
	}
	if z.PeeringConfig != nil {
		peer := topology.Unknown[topology.ID](topology.NotTold, f.From("peeringConfig"))
		if z.PeeringConfig.TargetNetwork != nil {
			peer = networkAt(z.PeeringConfig.TargetNetwork.NetworkUrl, f.From("peeringConfig"))
		}
		f.PeerNetwork = &peer
	}
	// What Service Directory answers is not in the zone either.
	f.Forwarding = z.ForwardingConfig != nil || z.ServiceDirectoryConfig != nil
	v.names.zones = append(v.names.zones, zone{project, strconv.FormatUint(z.Id, 10), f})
}

// networkAt is the network that a link names.
func networkAt(url string, from topology.Origin) topology.Value[topology.ID] {
	l := parseLink(url)
	if l.project == "" || l.name == "" {
		return topology.Unknown[topology.ID]("\""+url+"\" names no network of a project", from)
	}
	return topology.Known(topology.Identify("google_compute_network", l.project, "global", l.name), from)
}

func withDot(name string) string {
	if strings.HasSuffix(name, ".") {
		return name
	}
	return name + "."
}

// RecordSet adds a record set; zone is the name or the number of its managed zone.
func (v *Inventory) RecordSet(project, zone string, r *dns.ResourceRecordSet) {
	f := &topology.RecordSet{}
	f.Name = withDot(r.Name)
	f.DNS = topology.Known(f.Name, topology.Origin{Attribute: "name"})
	f.Type = topology.Known(r.Type, topology.Origin{Attribute: "type"})
	f.Data = topology.Known(r.Rrdatas, topology.Origin{Attribute: "rrdatas"})
	if r.RoutingPolicy != nil {
		f.Data = topology.Unknown[[]string]("a routing policy chooses the answer", topology.Origin{Attribute: "routingPolicy"})
	}
	v.names.records = append(v.names.records, recordSet{project, zone, f})
}

// ResponsePolicy adds a response policy, whose rules say what it answers.
func (v *Inventory) ResponsePolicy(project string, p *dns.ResponsePolicy) {
	address := "//dns.googleapis.com/projects/" + project + "/responsePolicies/" + p.ResponsePolicyName
	one := responsePolicy{project: project, number: strconv.FormatInt(p.Id, 10), name: p.ResponsePolicyName}
	for _, n := range p.Networks {
		one.networks = append(one.networks, networkAt(n.NetworkUrl, topology.Origin{Object: address, Attribute: "networks"}))
	}
	v.names.policies = append(v.names.policies, one)
}

// ResponsePolicyRule adds a rule; policy is the name or the number of its response policy.
func (v *Inventory) ResponsePolicyRule(project, policy string, r *dns.ResponsePolicyRule) {
	f := &topology.ResponseRule{Bypass: strings.EqualFold(r.Behavior, "bypassResponsePolicy")}
	f.Name = r.RuleName
	f.DNS = topology.Known(withDot(r.DnsName), topology.Origin{Attribute: "dnsName"})
	f.Data = topology.Known([]string{}, topology.Origin{Attribute: "localData"})
	if r.LocalData != nil {
		for _, d := range r.LocalData.LocalDatas {
			if d.Type == "A" || d.Type == "CNAME" {
				f.Type, f.Data = d.Type, topology.Known(d.Rrdatas, topology.Origin{Attribute: "localData"})
			}
		}
	}
	v.names.rules = append(v.names.rules, responseRule{project, policy, f})
}

// DNSPolicy adds a DNS server policy. Only one that names other servers changes what names resolve to.
func (v *Inventory) DNSPolicy(project string, p *dns.Policy) {
	if p.AlternativeNameServerConfig == nil || len(p.AlternativeNameServerConfig.TargetNameServers) == 0 {
		return
	}
	address := "//dns.googleapis.com/projects/" + project + "/policies/" + p.Name
	f := &topology.NameServers{Object: v.object("google_dns_policy", address, project, "", p.Name), NetworksTold: true}
	for _, n := range p.Networks {
		f.Networks = append(f.Networks, networkAt(n.NetworkUrl, f.From("networks")))
	}
	if v.once(f.ID) {
		v.facts.NameServers = append(v.facts.NameServers, f)
	}
}
