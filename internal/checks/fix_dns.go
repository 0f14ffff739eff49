package checks

import (
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
)

const (
	privateVIP    = "199.36.153.8/30"
	restrictedVIP = "199.36.153.4/30"
)

// fixDNS writes the records a domain needs (VPC documentation, "Configure Private Google Access"), or the route or rule to the address they give.
func fixDNS(k *Case, g *Group, a answered) string {
	vip := privateVIP
	if a.res.Kind == egress.RestrictedVIP {
		vip = restrictedVIP
	}
	if a.res.Overridden && a.broken.Name == egress.HopRoute {
		return strings.Replace(strings.Replace(fixRoute(k, g), "0.0.0.0/0", vip, 1), "default-internet", "google-apis", 1)
	}
	if a.res.Overridden && a.broken.Name == egress.HopFirewall {
		if a.res.Kind == egress.EndpointAddress && len(a.res.Addresses) > 0 {
			vip = a.res.Addresses[0].String() + "/32"
		}
		return fixFirewall(k, g, a.broken, vip)
	}
	data := k.vipRecords(g)
	if o := a.res.Hop.Object; a.res.Overridden && o != nil && o.Kind == "google_dns_response_policy_rule" {
		return fmt.Sprintf("# in %s\nlocal_data {\n  local_datas {\n    name    = \"%s.\"\n    type    = \"A\"\n    ttl     = 300\n    rrdatas = [%s]\n  }\n}", o.Address, a.hosts[0], data)
	}
	domain := domainOf(a.hosts[0])
	label := strings.ReplaceAll(domain, ".", "_")
	zone, out := fmt.Sprintf("google_dns_managed_zone.%s.name", label), ""
	if a.res.Overridden && a.res.Hop.Object != nil {
		zone = objectOf(a.res.Hop.Object).ref("name")
	} else {
		out = fmt.Sprintf("resource \"google_dns_managed_zone\" %q {\n  name       = %q\n  dns_name   = \"%s.\"\n  visibility = \"private\"\n  private_visibility_config {\n    networks {\n      network_url = %s\n    }\n  }\n}\n\n",
			label, strings.ReplaceAll(domain, ".", "-"), domain, networkReference(k, g))
	}
	return out + fmt.Sprintf("resource \"google_dns_record_set\" \"%s_apex\" {\n  managed_zone = %s\n  name         = \"%s.\"\n  type         = \"A\"\n  ttl          = 300\n  rrdatas      = [%s]\n}\n\n"+
		"resource \"google_dns_record_set\" \"%s_wildcard\" {\n  managed_zone = %s\n  name         = \"*.%s.\"\n  type         = \"CNAME\"\n  ttl          = 300\n  rrdatas      = [\"%s.\"]\n}",
		label, zone, domain, data, label, zone, domain, domain)
}

// vipRecords are the addresses for a domain's records: where its neighbours lead already, for the two sets must not be mixed
// (Private Google Access documentation), else those of private.googleapis.com.
func (k *Case) vipRecords(g *Group) string {
	first, last := 8, 11
	for _, host := range append([]string{anyAPI}, registryHosts(g.Region)...) {
		switch res := k.Paths.Resolve(g.Network, host); {
		case res.Kind == egress.RestrictedVIP:
			first, last = 4, 7
		case res.Kind == egress.EndpointAddress && len(res.Addresses) > 0:
			return quote(res.Addresses[0].String())
		}
	}
	var out []string
	for n := first; n <= last; n++ {
		out = append(out, fmt.Sprintf(`"199.36.153.%d"`, n))
	}
	return strings.Join(out, ", ")
}

// networkReference is how HCL would refer to a group's network.
func networkReference(k *Case, g *Group) string {
	if id, known := g.Network.Get(); known {
		if n := k.Facts.Network(id); n != nil {
			return objectOf(&n.Object).ref("id")
		}
		if path := networkPath(id); path != "" {
			return quote(path)
		}
	}
	return "google_compute_network.NAME.id"
}
