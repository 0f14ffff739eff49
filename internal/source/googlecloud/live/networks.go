package live

import (
	"slices"

	"cloud.google.com/go/compute/apiv1/computepb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// networks reads what surrounds the networks in use, a project at a time: the host project of a Shared VPC is found by the networks' names.
func (r *reading) networks(s scope) []task {
	var tasks []task
	for _, p := range s.hosts() {
		ok := func(err error) error { return err }
		if s.told[p] {
			ok = planned
		}
		tasks = append(tasks,
			listOf(r, networkList, topology.Networks, p, ok, r.inv.Network),
			listOf(r, subnetworkList, topology.Subnetworks, p, ok, r.inv.Subnetwork),
			listOf(r, forwardingRuleList, topology.Endpoints, p, ok, r.inv.ForwardingRule),
			r.routersOf(p, s, ok), r.routesOf(p, s, ok), r.firewallsOf(p, s, ok))
	}
	return tasks
}

// listOf reads a collection that is one list.
func listOf[T any](r *reading, q question[[]T], c topology.Collection, project string, ok func(error) error, keep func(T)) task {
	return func() func() {
		list, err := look(r, q, project)
		return func() {
			r.settle(c, project, ok(err))
			for _, v := range list {
				keep(v)
			}
		}
	}
}

// routersOf reads routers, and of those in use what they say at run time where that adds something: of reserved addresses. A refusal of that costs
// nothing, for the configuration tells the rest.
func (r *reading) routersOf(project string, s scope, ok func(error) error) task {
	return func() func() {
		list, err := look(r, routerList, project)
		states, _ := r.states(project, s, list)
		return func() {
			r.settle(topology.Routers, project, ok(err))
			for _, router := range list {
				r.inv.Router(router)
			}
			for i, state := range states {
				if state != nil {
					r.inv.RouterStatus(list[i].GetSelfLink(), state)
				}
			}
		}
	}
}

// routesOf reads static and policy-based routes; what routers learned by BGP are routes, too, so that a router with peers that does not say what it
// learned leaves the routes unread.
func (r *reading) routesOf(project string, s scope, ok func(error) error) task {
	return func() func() {
		list, err := look(r, routeList, project)
		byPolicy, policyErr := look(r, policyRouteList, project)
		if r.switchedOff(policyErr, project) {
			policyErr = nil // then none was made
		}
		routers, learnedErr := look(r, routerList, project)
		if learnedErr == nil {
			_, learnedErr = r.states(project, s, routers)
		}
		return func() {
			r.settle(topology.Routes, project, ok(err), ok(policyErr), ok(learnedErr))
			for _, route := range list {
				r.inv.Route(route)
			}
			for _, route := range byPolicy {
				r.inv.PolicyRoute(route)
			}
		}
	}
}

// states asks the routers on networks in use that have reserved addresses or peers. The error is of the first that has peers and does not answer.
func (r *reading) states(project string, s scope, routers []*computepb.Router) ([]*computepb.RouterStatus, error) {
	out, errs := make([]*computepb.RouterStatus, len(routers)), make([]error, len(routers))
	var tasks []task
	for i, router := range routers {
		reserved := slices.ContainsFunc(router.GetNats(), func(n *computepb.RouterNat) bool { return n.GetNatIpAllocateOption() == "MANUAL_ONLY" })
		if !s.networks[networkID(router.GetNetwork())] || !reserved && len(router.GetBgpPeers()) == 0 {
			continue
		}
		tasks = append(tasks, func() func() {
			out[i], errs[i] = look(r, routerStatus, project, lastSegment(router.GetRegion()), router.GetName())
			return nil
		})
	}
	r.all(tasks)
	for i, err := range errs {
		if planned(err) != nil && len(routers[i].GetBgpPeers()) > 0 {
			return out, err
		}
	}
	return out, nil
}

// firewallsOf reads the rules that hold for each network in use: its own, those of its folders and organisation, and those of policies. Where the
// networks could not be read, the order of rules and policies is not known either.
func (r *reading) firewallsOf(project string, s scope, ok func(error) error) task {
	return func() func() {
		networks, err := look(r, networkList, project)
		errs := []error{ok(err)}
		var tasks []task
		for _, n := range networks {
			if s.networks[networkID(n.GetSelfLink())] {
				tasks = append(tasks, func() func() {
					rules, err := look(r, effectiveFirewalls, project, n.GetName())
					return func() {
						errs = append(errs, planned(err))
						if err == nil {
							r.inv.EffectiveFirewalls(n.GetSelfLink(), rules)
						}
					}
				})
			}
		}
		policies, err := look(r, firewallPolicyList, project)
		errs = append(errs, ok(err))
		for _, p := range policies {
			// Policies of regions are not among the rules that hold for a network as a whole.
			if p.GetRegion() != "" && s.governs(p) {
				tasks = append(tasks, func() func() {
					p, err := r.withRules(project, p)
					return func() {
						errs = append(errs, planned(err))
						if err == nil {
							r.inv.FirewallPolicy(p)
						}
					}
				})
			}
		}
		hand := r.ask(tasks)
		return func() {
			hand()
			r.settle(topology.Firewalls, project, errs...)
		}
	}
}

// withRules is a policy with its rules: every policy has some, so that a list that shows none leaves them out.
func (r *reading) withRules(project string, p *computepb.FirewallPolicy) (*computepb.FirewallPolicy, error) {
	if len(p.GetRules()) > 0 {
		return p, nil
	}
	return look(r, regionFirewallPolicy, project, lastSegment(p.GetRegion()), p.GetName())
}

func (s *scope) governs(p *computepb.FirewallPolicy) bool {
	return slices.ContainsFunc(p.GetAssociations(), func(a *computepb.FirewallPolicyAssociation) bool {
		return s.networks[networkID(a.GetAttachmentTarget())]
	})
}
