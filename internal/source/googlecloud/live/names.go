package live

import (
	"maps"
	"slices"
	"strings"

	"google.golang.org/api/dns/v1"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// googleDomains are those that pulls from Google's registries ask for; a private zone for one of them, above it or below it changes what they find.
var googleDomains = []string{"gcr.io.", "googleapis.com.", "pkg.dev."}

// shadows reports whether a zone answers for some of Google's names.
func shadows(zone string) bool {
	zone = strings.ToLower(strings.TrimSuffix(zone, "."))
	return slices.ContainsFunc(googleDomains, func(d string) bool {
		domain := strings.TrimSuffix(d, ".")
		return zone == "" || zone == domain || strings.HasSuffix(domain, "."+zone) || strings.HasSuffix(zone, "."+domain)
	})
}

// directory is what a project says of names.
type directory struct {
	zones     []*dns.ManagedZone
	policies  []*dns.Policy
	responses []*dns.ResponsePolicy
	errs      []error
}

// names reads what answers for names in the networks in use, and in those that peering zones send Google's names to.
func (r *reading) names(s scope) task {
	return func() func() {
		asked, attached := map[string]*directory{}, map[topology.ID]bool{}
		for next := s.networks; len(next) > 0; next = peers(asked, attached) {
			maps.Copy(attached, next)
			var tasks []task
			for _, p := range (&scope{networks: next}).hosts() {
				if asked[p] == nil {
					asked[p] = &directory{}
					tasks = append(tasks, r.directoryOf(p, asked[p], s.told[p]))
				}
			}
			r.all(tasks)
		}
		var tasks []task
		for _, p := range slices.Sorted(maps.Keys(asked)) {
			tasks = append(tasks, r.answersOf(p, asked[p], attached))
		}
		return r.ask(tasks)
	}
}

// peers are networks that peering zones ask for Google's names, and that were not looked at yet.
func peers(asked map[string]*directory, attached map[topology.ID]bool) map[topology.ID]bool {
	found := map[topology.ID]bool{}
	for _, d := range asked {
		for _, z := range d.zones {
			if peer := peerOf(z); peer != "" && !attached[peer] && shadows(z.DnsName) && seenBy(z, attached) {
				found[peer] = true
			}
		}
	}
	return found
}

// directoryOf lists a project's zones and policies. A project that a plan names and nobody finds has none yet.
func (r *reading) directoryOf(project string, d *directory, told bool) task {
	return func() func() {
		var errs [3]error
		r.all([]task{
			func() func() { d.zones, errs[0] = look(r, zoneList, project); return nil },
			func() func() { d.policies, errs[1] = look(r, dnsPolicyList, project); return nil },
			func() func() { d.responses, errs[2] = look(r, responsePolicyList, project); return nil },
		})
		for _, err := range errs {
			if told {
				err = planned(err)
			}
			d.errs = append(d.errs, err)
		}
		return nil
	}
}

// answersOf reads what is in the zones and response policies that matter, and hands on all that was read of a project.
func (r *reading) answersOf(project string, d *directory, attached map[topology.ID]bool) task {
	return func() func() {
		var tasks []task
		for _, z := range d.zones {
			if z.Visibility == "private" && z.ForwardingConfig == nil && z.PeeringConfig == nil && shadows(z.DnsName) && seenBy(z, attached) {
				tasks = append(tasks, func() func() {
					list, err := look(r, recordSetList, project, z.Name)
					return func() {
						d.errs = append(d.errs, planned(err))
						for _, s := range list {
							r.inv.RecordSet(project, z.Name, s)
						}
					}
				})
			}
		}
		for _, p := range d.responses {
			if slices.ContainsFunc(p.Networks, func(n *dns.ResponsePolicyNetwork) bool { return attached[networkID(n.NetworkUrl)] }) {
				tasks = append(tasks, func() func() {
					list, err := look(r, responseRuleList, project, p.ResponsePolicyName)
					return func() {
						d.errs = append(d.errs, planned(err))
						for _, rule := range list {
							r.inv.ResponsePolicyRule(project, p.ResponsePolicyName, rule)
						}
					}
				})
			}
		}
		hand := r.ask(tasks)
		return func() {
			for _, z := range d.zones {
				r.inv.Zone(project, z)
			}
			for _, p := range d.policies {
				r.inv.DNSPolicy(project, p)
			}
			for _, p := range d.responses {
				r.inv.ResponsePolicy(project, p)
			}
			hand()
			r.settle(topology.DNS, project, d.errs...)
		}
	}
}

func seenBy(z *dns.ManagedZone, attached map[topology.ID]bool) bool {
	return z.PrivateVisibilityConfig != nil && slices.ContainsFunc(z.PrivateVisibilityConfig.Networks, func(n *dns.ManagedZonePrivateVisibilityConfigNetwork) bool {
		return attached[networkID(n.NetworkUrl)]
	})
}

// peerOf is where a peering zone asks; empty for others.
func peerOf(z *dns.ManagedZone) topology.ID {
	if z.PeeringConfig == nil || z.PeeringConfig.TargetNetwork == nil {
		return ""
	}
	return networkID(z.PeeringConfig.TargetNetwork.NetworkUrl)
}
