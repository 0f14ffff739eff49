package egress

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// AccessReason says why nodes without external address reach Google's APIs, or not.
type AccessReason string

// The reasons.
const (
	AccessOn         AccessReason = "on"
	AccessImplied    AccessReason = "implied by Cloud NAT"
	AccessSwitchedOn AccessReason = "switched on by GKE"
	AccessConfigured AccessReason = "configured false where GKE switches it on"
	AccessOff        AccessReason = "off"
	AccessUnknown    AccessReason = "unknown"
)

type accessed struct {
	hop    Hop
	reason AccessReason
}

// Access asks whether nodes without external address may reach Google's APIs from the subnetwork.
func (e *Evaluator) Access(s Source) (Hop, AccessReason) {
	k := e.key(s, Destination{})
	a, done := e.accessed[k]
	if !done {
		a = e.access(s)
		a.hop.Name = HopAccess
		e.accessed[k] = a
	}
	return a.hop, a.reason
}

func (e *Evaluator) access(s Source) accessed {
	var sub *topology.Subnetwork
	if id, known := s.Subnetwork.Get(); known {
		sub = e.t.Subnetwork(id)
	}
	where := e.subnetworkText(s.Subnetwork)
	untold := first(e.t.Refused(topology.Subnetworks, s.Network), topology.NotTold)
	on := topology.Unknown[bool](first(s.Subnetwork.Why(), untold), s.Subnetwork.Origin)
	var evidence []Evidence
	if sub != nil {
		on = sub.GoogleAccess
		text := "unknown"
		if v, known := on.Get(); known {
			text = fmt.Sprint(v)
		}
		evidence = []Evidence{read(&sub.Object, "private_ip_google_access", on, text)}
	}
	if on.Or(false) {
		return accessed{Hop{Status: topology.Pass, Detail: "private google access is on in " + where, Evidence: evidence, Object: &sub.Object}, AccessOn}
	}
	// "When you enable Cloud NAT for a subnet's primary IP range, Private Google Access is automatically enabled" (Cloud NAT FAQ).
	nat := e.Coverage(s.Subnetwork, s.Network, s.Region, PrimaryRange)
	if nat.Verdict == topology.Pass {
		return accessed{Hop{Status: topology.Pass, Detail: "private google access is implied by gateway " + nat.Gateways[0].Display(),
			Evidence: append(evidence, nat.Evidence...), Object: &nat.Gateways[0].Object}, AccessImplied}
	}
	a := e.byGKE(s, sub, on)
	a.hop.Evidence = append(evidence, a.hop.Evidence...)
	if sub != nil {
		a.hop.Object = &sub.Object
	}
	switch {
	case a.hop.Status == topology.Fail && nat.Verdict == topology.Undecided:
		a.hop.Status, a.reason = topology.Undecided, AccessUnknown
		a.hop.Detail = fmt.Sprintf("private google access is off in %s, and whether a Public NAT gateway implies it is not known: %s", where, nat.Why)
	case a.hop.Detail == "":
		a.hop.Detail = fmt.Sprintf("private google access is off in %s, and no Public NAT gateway implies it", where)
	}
	return a
}

// byGKE asks whether GKE switches Private Google Access on: it does so for the subnetwork of a cluster created with private nodes,
// except under Shared VPC, where it has to be set by hand (GKE documentation, private clusters).
func (e *Evaluator) byGKE(s Source, sub *topology.Subnetwork, on topology.Value[bool]) accessed {
	switches := e.switches(s)
	configured := topology.Known(false, topology.Origin{})
	if sub != nil && (sub.Managed || sub.GoogleAccessConfigured.Known()) {
		configured = sub.GoogleAccessConfigured
	}
	set, setKnown := configured.Get()
	_, known := on.Get()
	where := e.subnetworkText(s.Subnetwork)
	unknown := func(why string) accessed {
		return accessed{Hop{Status: topology.Undecided, Detail: why}, AccessUnknown}
	}
	switch switches.verdict {
	case topology.Pass:
		switch {
		case sub == nil:
			return unknown(fmt.Sprintf("gke switches private google access on for the cluster, but no source describes %s, whose own configuration may switch it off", where))
		case setKnown && !set:
			return accessed{Hop{Status: topology.Pass, Detail: "private google access is switched on by gke when it creates the cluster"}, AccessSwitchedOn}
		case setKnown && known:
			return accessed{Hop{Status: topology.Fail, Detail: fmt.Sprintf(
				"private google access is configured false in %s: gke switches it on, the next apply switches it off again", where)}, AccessConfigured}
		case !known:
			return unknown(fmt.Sprintf("whether private google access is on in %s is not known: %s", where, on.Why()))
		}
		// What is stored says false, and nothing says whether a configuration does: if one did, only its next apply would switch it off.
		return accessed{Hop{Status: topology.Pass, Detail: fmt.Sprintf(
			"private google access is switched on by gke when it creates the cluster (a configuration that sets it to false in %s would switch it off again)", where)}, AccessSwitchedOn}
	case topology.Undecided:
		return unknown(fmt.Sprintf("private google access is not on in %s, and whether gke switches it on is not known: %s", where, switches.why))
	}
	if !known {
		return unknown(fmt.Sprintf("whether private google access is on in %s is not known: %s", where, on.Why()))
	}
	// Whether private pools of a public cluster make GKE switch the attribute on is not documented; under Shared VPC it never does.
	pools := s.Cluster != nil && !s.Cluster.PrivateNodes.Or(true) && e.ownProject(s).verdict != topology.Fail
	if pools && !(setKnown && set) && (on.Assumed || s.Cluster.Created || setKnown && sub.Managed) {
		return unknown(fmt.Sprintf("private google access is not configured in %s, and whether gke switches it on for private pools of a public cluster is not known", where))
	}
	return accessed{Hop{Status: topology.Fail}, AccessOff}
}

// switches: the cluster is created now, its nodes are private at cluster level, and the network is in its own project.
func (e *Evaluator) switches(s Source) match {
	c := s.Cluster
	if c == nil || !c.Created {
		return no
	}
	nodes := yes
	switch private, known := c.PrivateNodes.Get(); {
	case !known:
		nodes = maybe("whether its nodes are private is not known: %s", c.PrivateNodes.Why())
	case !private:
		return no
	}
	return and(nodes, e.ownProject(s))
}

func (e *Evaluator) ownProject(s Source) match {
	network := e.networkOf(s.Network, s.Subnetwork)
	id, known := network.Get()
	project := ""
	if known {
		if n := e.t.Network(id); n != nil {
			project = n.Project
		}
		if project == "" {
			project, _ = topology.SplitID(id)
		}
	}
	switch {
	case project == "" || s.Cluster.Project == "":
		return maybe("the project of its network is not known")
	case project == s.Cluster.Project:
		return yes
	}
	return no
}
