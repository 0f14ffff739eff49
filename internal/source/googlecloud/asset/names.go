package asset

import (
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/networkconnectivity/v1"
)

func (r *reader) zone(l *line) error {
	var z dns.ManagedZone
	if err := plain(l.data, &z); err != nil {
		return err
	}
	r.inventory.Zone(projectOf(l.name), &z)
	return nil
}

func (r *reader) recordSet(l *line) error {
	var s dns.ResourceRecordSet
	if err := plain(l.data, &s); err != nil {
		return err
	}
	r.inventory.RecordSet(projectOf(l.name), after(l.name, "managedZones"), &s)
	return nil
}

func (r *reader) dnsPolicy(l *line) error {
	var p dns.Policy
	if err := plain(l.data, &p); err != nil {
		return err
	}
	r.inventory.DNSPolicy(projectOf(l.name), &p)
	return nil
}

func (r *reader) responsePolicy(l *line) error {
	var p dns.ResponsePolicy
	if err := plain(l.data, &p); err != nil {
		return err
	}
	r.inventory.ResponsePolicy(projectOf(l.name), &p)
	return nil
}

func (r *reader) responseRule(l *line) error {
	var p dns.ResponsePolicyRule
	if err := plain(l.data, &p); err != nil {
		return err
	}
	r.inventory.ResponsePolicyRule(projectOf(l.name), after(l.name, "responsePolicies"), &p)
	return nil
}

func (r *reader) policyRoute(l *line) error {
	var p networkconnectivity.PolicyBasedRoute
	if err := plain(l.data, &p); err != nil {
		return err
	}
	r.inventory.PolicyRoute(&p)
	return nil
}
