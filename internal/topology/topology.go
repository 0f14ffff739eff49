// Package topology holds the facts: what is known about clusters, their networks and what they pull, each with its origin.
// It knows nothing of where facts come from or what they are good for.
package topology

import (
	"cmp"
	"slices"
)

// Collection is a kind of fact that a source reads as a whole and a check declares that it reads.
type Collection string

// The collections.
const (
	Clusters    Collection = "clusters"
	Networks    Collection = "networks"
	Subnetworks Collection = "subnetworks"
	Routers     Collection = "routers"
	Routes      Collection = "routes"
	Firewalls   Collection = "firewalls"
	DNS         Collection = "dns"
	Endpoints   Collection = "endpoints"
	Images      Collection = "images"
	Masquerades Collection = "masquerades"
	Deferred    Collection = "deferred reads"
	// Repositories holds repositories and their settings; IAM holds accounts, grants and roles.
	Repositories Collection = "repositories"
	IAM          Collection = "iam"
	Perimeters   Collection = "perimeters"
	Secrets      Collection = "secrets"
	// Answers holds what registries said of images, where they were asked.
	Answers Collection = "answers"
)

// Facts is what sources fill in. Order does not matter.
type Facts struct {
	Clusters    []*Cluster
	Networks    []*Network
	Subnetworks []*Subnetwork
	Routers     []*Router
	NATs        []*NAT
	Routes      []*Route
	Firewalls   []*FirewallRule
	Zones       []*Zone
	RecordSets  []*RecordSet
	Responses   []*ResponseRule
	NameServers []*NameServers
	Endpoints   []*Endpoint
	Images      []*ImageUse
	Masquerades []*Masquerade
	Deferred    []*DeferredRead

	Repositories []*Repository
	Accounts     []*ServiceAccount
	Grants       []*Grant
	Ancestries   []*Ancestry
	Roles        []*Role
	VPCSC        []*VPCSCConfig
	Perimeters   []*Perimeter
	Secrets      []*PullSecret
	Answers      []*ImageAnswer
	// Readings are the collections a source listed as a whole, project by project.
	Readings []Reading
}

// AnyProject stands for every project in a Reading: what was handed over is all there is.
const AnyProject = "*"

// Reading records that a source listed a collection of a project, or why it could not.
type Reading struct {
	Collection Collection
	Project    string
	Refused    string // "403: compute.routers.list"; empty when it was read
	NotTold    string // why nobody was asked, where that is to be said
}

// Topology answers questions about facts. It is read-only and safe for many readers.
type Topology struct {
	facts       Facts
	networks    map[ID]*Network
	subnetworks map[ID]*Subnetwork
	clusters    map[ID]*Cluster
	routers     map[ID]*Router
	zones       map[ID]*Zone
	nats        map[ID][]*NAT // by subnetwork listed
	images      map[ID][]*ImageUse
	loose       []*ImageUse // joined to no cluster
	answers     map[ID]*ImageAnswer
	grants      map[string][]*Grant  // by project, by folder or organisation, and those of which that is not told
	above       []*Grant             // on folders and organisations
	ancestries  map[string]*Ancestry // by project
	readings    map[reading]said
	refusals    map[reading]bool
	touch       func(Collection)
}

// New sorts and indexes facts; they must not change afterwards.
func New(f Facts) *Topology {
	byAddress(f.Clusters)
	for _, c := range f.Clusters {
		byAddress(c.Pools)
	}
	byAddress(f.Networks)
	byAddress(f.Subnetworks)
	byAddress(f.Routers)
	byAddress(f.NATs)
	byAddress(f.Routes)
	byAddress(f.Firewalls)
	byAddress(f.Zones)
	byAddress(f.RecordSets)
	byAddress(f.Responses)
	byAddress(f.NameServers)
	byAddress(f.Endpoints)
	byAddress(f.Masquerades)
	byAddress(f.Deferred)
	byAddress(f.Repositories)
	byAddress(f.Accounts)
	byAddress(f.Grants)
	byAddress(f.Ancestries)
	byAddress(f.Roles)
	byAddress(f.VPCSC)
	byAddress(f.Perimeters)
	byAddress(f.Secrets)
	byAddress(f.Answers)
	slices.SortStableFunc(f.Images, func(a, b *ImageUse) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.Ref.Or(""), b.Ref.Or("")))
	})
	t := &Topology{facts: f, touch: func(Collection) {},
		networks: index(f.Networks), subnetworks: index(f.Subnetworks), clusters: index(f.Clusters),
		routers: index(f.Routers), zones: index(f.Zones), nats: map[ID][]*NAT{},
		answers: index(f.Answers)}
	t.images = map[ID][]*ImageUse{}
	for _, u := range t.facts.Images {
		if c, known := u.Cluster.Get(); known {
			t.images[c] = append(t.images[c], u)
		} else {
			t.loose = append(t.loose, u)
		}
	}
	t.indexGrants()
	t.indexReadings()
	for _, n := range f.NATs {
		for _, e := range n.Entries {
			if id, known := e.Subnetwork.Get(); known && !slices.Contains(t.nats[id], n) {
				t.nats[id] = append(t.nats[id], n)
			}
		}
	}
	return t
}

type object interface{ object() *Object }

func (o *Object) object() *Object { return o }

func byAddress[T object](list []T) {
	slices.SortStableFunc(list, func(a, b T) int {
		x, y := a.object(), b.object()
		return cmp.Or(cmp.Compare(x.Address, y.Address), cmp.Compare(x.ID, y.ID))
	})
}

func index[T object](list []T) map[ID]T {
	m := make(map[ID]T, len(list))
	for _, v := range list {
		m[v.object().ID] = v
	}
	return m
}

// Watched is the same topology that tells which collections are asked for.
func (t *Topology) Watched(touch func(Collection)) *Topology {
	w := *t
	w.touch = touch
	return &w
}

// Clusters lists every cluster.
func (t *Topology) Clusters() []*Cluster { t.touch(Clusters); return t.facts.Clusters }

// Cluster finds a cluster; nil when no source told of it.
func (t *Topology) Cluster(id ID) *Cluster { t.touch(Clusters); return t.clusters[id] }

// Network finds a network; nil when no source told of it.
func (t *Topology) Network(id ID) *Network { t.touch(Networks); return t.networks[id] }

// Subnetwork finds a subnetwork; nil when no source told of it.
func (t *Topology) Subnetwork(id ID) *Subnetwork { t.touch(Subnetworks); return t.subnetworks[id] }

// Subnetworks lists every subnetwork.
func (t *Topology) Subnetworks() []*Subnetwork { t.touch(Subnetworks); return t.facts.Subnetworks }

// Router finds a router; nil when no source told of it.
func (t *Topology) Router(id ID) *Router { t.touch(Routers); return t.routers[id] }

// NATs lists every Cloud NAT gateway.
func (t *Topology) NATs() []*NAT { t.touch(Routers); return t.facts.NATs }

// NATsListing lists the gateways that name a subnetwork.
func (t *Topology) NATsListing(subnetwork ID) []*NAT { t.touch(Routers); return t.nats[subnetwork] }

// Routes lists every static and policy-based route.
func (t *Topology) Routes() []*Route { t.touch(Routes); return t.facts.Routes }

// Firewalls lists every egress rule.
func (t *Topology) Firewalls() []*FirewallRule { t.touch(Firewalls); return t.facts.Firewalls }

// Zones lists every private zone.
func (t *Topology) Zones() []*Zone { t.touch(DNS); return t.facts.Zones }

// RecordSets lists every record set of private zones.
func (t *Topology) RecordSets() []*RecordSet { t.touch(DNS); return t.facts.RecordSets }

// Responses lists every response policy rule.
func (t *Topology) Responses() []*ResponseRule { t.touch(DNS); return t.facts.Responses }

// NameServers lists the DNS policies that replace name resolution.
func (t *Topology) NameServers() []*NameServers { t.touch(DNS); return t.facts.NameServers }

// Endpoints lists the Private Service Connect endpoints for Google's APIs.
func (t *Topology) Endpoints() []*Endpoint { t.touch(Endpoints); return t.facts.Endpoints }

// Images lists every mention of an image.
func (t *Topology) Images() []*ImageUse { t.touch(Images); return t.facts.Images }

// ImagesOf lists the images that a cluster's nodes pull, and those that no source joins to a cluster: they may run on any.
func (t *Topology) ImagesOf(cluster ID) []*ImageUse {
	t.touch(Images)
	if len(t.loose) == 0 {
		return t.images[cluster]
	}
	return append(slices.Clone(t.images[cluster]), t.loose...)
}

// Masquerades lists the ip-masq-agent configurations.
func (t *Topology) Masquerades() []*Masquerade { t.touch(Masquerades); return t.facts.Masquerades }

// DeferredReads lists the data sources of this provider that were put off to apply.
func (t *Topology) DeferredReads() []*DeferredRead { t.touch(Deferred); return t.facts.Deferred }

// Repositories lists every Artifact Registry repository.
func (t *Topology) Repositories() []*Repository { t.touch(Repositories); return t.facts.Repositories }

// VPCSC lists the VPC Service Controls settings of Artifact Registry.
func (t *Topology) VPCSC() []*VPCSCConfig { t.touch(Repositories); return t.facts.VPCSC }

// Accounts lists every service account.
func (t *Topology) Accounts() []*ServiceAccount { t.touch(IAM); return t.facts.Accounts }

// Grants lists every grant on a project or repository.
func (t *Topology) Grants() []*Grant { t.touch(IAM); return t.facts.Grants }

// Roles lists the custom roles.
func (t *Topology) Roles() []*Role { t.touch(IAM); return t.facts.Roles }

// Perimeters lists the VPC Service Controls perimeters.
func (t *Topology) Perimeters() []*Perimeter { t.touch(Perimeters); return t.facts.Perimeters }

// Secrets lists the image pull secrets, without what is in them.
func (t *Topology) Secrets() []*PullSecret { t.touch(Secrets); return t.facts.Secrets }

// Answers lists what registries said; empty where none was asked.
func (t *Topology) Answers() []*ImageAnswer { t.touch(Answers); return t.facts.Answers }

// Answer finds what a registry said of a normalized reference; nil when it was not asked.
func (t *Topology) Answer(ref string) *ImageAnswer { t.touch(Answers); return t.answers[AnswerID(ref)] }
