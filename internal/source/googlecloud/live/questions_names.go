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
		var out []*dns.ManagedZone
		err = c.ManagedZones.List(args[0]).Pages(ctx, func(p *dns.ManagedZonesListResponse) error {
			out = append(out, p.ManagedZones...)
			return nil
		})
		return out, err
	},
}

var dnsPolicyList = question[[]*dns.Policy]{
	rule{method: "dns.policies.list", permission: "dns.policies.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.Policy, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		var out []*dns.Policy
		err = c.Policies.List(args[0]).Pages(ctx, func(p *dns.PoliciesListResponse) error {
			out = append(out, p.Policies...)
			return nil
		})
		return out, err
	},
}

var responsePolicyList = question[[]*dns.ResponsePolicy]{
	rule{method: "dns.responsePolicies.list", permission: "dns.responsePolicies.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.ResponsePolicy, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		var out []*dns.ResponsePolicy
		err = c.ResponsePolicies.List(args[0]).Pages(ctx, func(p *dns.ResponsePoliciesListResponse) error {
			out = append(out, p.ResponsePolicies...)
			return nil
		})
		return out, err
	},
}

var responseRuleList = question[[]*dns.ResponsePolicyRule]{
	rule{method: "dns.responsePolicyRules.list", permission: "dns.responsePolicyRules.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.ResponsePolicyRule, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		var out []*dns.ResponsePolicyRule
		err = c.ResponsePolicyRules.List(args[0], args[1]).Pages(ctx, func(p *dns.ResponsePolicyRulesListResponse) error {
			out = append(out, p.ResponsePolicyRules...)
			return nil
		})
		return out, err
	},
}

var recordSetList = question[[]*dns.ResourceRecordSet]{
	rule{method: "dns.resourceRecordSets.list", permission: "dns.resourceRecordSets.list", role: dnsReader},
	func(ctx context.Context, s *services, args []string) ([]*dns.ResourceRecordSet, error) {
		c, err := s.dns()
		if err != nil {
			return nil, err
		}
		var out []*dns.ResourceRecordSet
		err = c.ResourceRecordSets.List(args[0], args[1]).Pages(ctx, func(p *dns.ResourceRecordSetsListResponse) error {
			out = append(out, p.Rrsets...)
			return nil
		})
		return out, err
	},
}
