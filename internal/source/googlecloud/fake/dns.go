package fake

import (
	"strconv"

	"google.golang.org/api/dns/v1"
)

// dns serves Cloud DNS. Zones and policies go by name or by number.
func (s *Server) dns() {
	get := func(path, permission string, answer func(*query) (any, error)) {
		s.handle("GET projects/{project}/"+path, permission, "dns", answer)
	}
	get("managedZones", "dns.managedZones.list", managedZones)
	get("managedZones/{zone}", "dns.managedZones.get", managedZone)
	get("managedZones/{zone}/rrsets", "dns.resourceRecordSets.list", recordSets)
	get("policies", "dns.policies.list", dnsPolicies)
	get("responsePolicies", "dns.responsePolicies.list", responsePolicies)
	get("responsePolicies/{policy}/rules", "dns.responsePolicyRules.list", responsePolicyRules)
}

func managedZones(q *query) (any, error) {
	var all []*dns.ManagedZone
	for _, z := range q.project.Zones {
		if name := q.URL.Query().Get("dnsName"); name == "" || name == z.DnsName {
			all = append(all, z.ManagedZone)
		}
	}
	page, token, err := paged(q, all)
	return &dns.ManagedZonesListResponse{Kind: "dns#managedZonesListResponse", ManagedZones: page, NextPageToken: token, ForceSendFields: []string{"ManagedZones"}}, err
}

// zone is the zone of the path.
func (q *query) zone() (Zone, error) {
	want := q.PathValue("zone")
	for _, z := range q.project.Zones {
		if z.Name == want || strconv.FormatUint(z.Id, 10) == want {
			return z, nil
		}
	}
	return Zone{}, notFound("The 'parameters.managedZone' resource named '" + want + "' does not exist.")
}

func managedZone(q *query) (any, error) {
	z, err := q.zone()
	return z.ManagedZone, err
}

func recordSets(q *query) (any, error) {
	z, err := q.zone()
	if err != nil {
		return nil, err
	}
	var all []*dns.ResourceRecordSet
	for _, r := range z.Records {
		name, typ := q.URL.Query().Get("name"), q.URL.Query().Get("type")
		if (name == "" || name == r.Name) && (typ == "" || typ == r.Type) {
			all = append(all, r)
		}
	}
	page, token, err := paged(q, all)
	return &dns.ResourceRecordSetsListResponse{Kind: "dns#resourceRecordSetsListResponse", Rrsets: page, NextPageToken: token, ForceSendFields: []string{"Rrsets"}}, err
}

func dnsPolicies(q *query) (any, error) {
	page, token, err := paged(q, q.project.DNSPolicies)
	return &dns.PoliciesListResponse{Kind: "dns#policiesListResponse", Policies: page, NextPageToken: token, ForceSendFields: []string{"Policies"}}, err
}

func responsePolicies(q *query) (any, error) {
	var all []*dns.ResponsePolicy
	for _, p := range q.project.ResponsePolicies {
		all = append(all, p.ResponsePolicy)
	}
	page, token, err := paged(q, all)
	return &dns.ResponsePoliciesListResponse{ResponsePolicies: page, NextPageToken: token}, err
}

func responsePolicyRules(q *query) (any, error) {
	want := q.PathValue("policy")
	for _, p := range q.project.ResponsePolicies {
		if p.ResponsePolicyName == want || strconv.FormatInt(p.Id, 10) == want {
			page, token, err := paged(q, p.Rules)
			return &dns.ResponsePolicyRulesListResponse{ResponsePolicyRules: page, NextPageToken: token}, err
		}
	}
	return nil, notFound("The 'parameters.responsePolicy' resource named '" + want + "' does not exist.")
}
