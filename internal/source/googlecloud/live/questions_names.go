package live

import (
	"context"

	"google.golang.org/api/dns/v1"
)

const dnsReader = "roles/dns.reader"

var zoneList = question[[]*dns.ManagedZone]{
	rule{method: "dns.managedZones.list", permission: "dns.managedZones.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.ManagedZone, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		return pages(ctx, c.ManagedZones.List(args[0]).Pages, func(p *dns.ManagedZonesListResponse) []*dns.ManagedZone { return p.ManagedZones })
	},
}

var dnsPolicyList = question[[]*dns.Policy]{
	rule{method: "dns.policies.list", permission: "dns.policies.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.Policy, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		return pages(ctx, c.Policies.List(args[0]).Pages, func(p *dns.PoliciesListResponse) []*dns.Policy { return p.Policies })
	},
}

var responsePolicyList = question[[]*dns.ResponsePolicy]{
	rule{method: "dns.responsePolicies.list", permission: "dns.responsePolicies.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.ResponsePolicy, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		return pages(ctx, c.ResponsePolicies.List(args[0]).Pages, func(p *dns.ResponsePoliciesListResponse) []*dns.ResponsePolicy { return p.ResponsePolicies })
	},
}

var responseRuleList = question[[]*dns.ResponsePolicyRule]{
	rule{method: "dns.responsePolicyRules.list", permission: "dns.responsePolicyRules.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.ResponsePolicyRule, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		return pages(ctx, c.ResponsePolicyRules.List(args[0], args[1]).Pages, func(p *dns.ResponsePolicyRulesListResponse) []*dns.ResponsePolicyRule { return p.ResponsePolicyRules })
	},
}

var recordSetList = question[[]*dns.ResourceRecordSet]{
	rule{method: "dns.resourceRecordSets.list", permission: "dns.resourceRecordSets.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.ResourceRecordSet, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		return pages(ctx, c.ResourceRecordSets.List(args[0], args[1]).Pages, func(p *dns.ResourceRecordSetsListResponse) []*dns.ResourceRecordSet { return p.Rrsets })
	},
}
