package googlecloud

import (
	"hash/maphash"
	"unique"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// pods are the workloads that are there, and what others own that may be there too.
type pods struct {
	seed  maphash.Seed
	there map[uint64]struct{}
	owned []owned
}

// owned is a workload that a controller made: its images are those of the controller, where that is told of.
type owned struct {
	by     uint64
	images []*topology.ImageUse
}

// Owner is the controller that made a Kubernetes object.
type Owner struct{ Kind, Name string }

// Workload adds the images of a Kubernetes object as it runs in a cluster: JSON as the API server writes it. Kind and apiVersion are what it is where
// it does not say so itself. Owner is its controller, or the zero Owner; an object whose controller is there too tells nothing new.
func (v *Inventory) Workload(address string, cluster topology.ID, owner Owner, apiVersion, kind string, object []byte) error {
	m, err := image.ReadObject(object, apiVersion, kind)
	if err != nil {
		return err
	}
	from := topology.Origin{Object: address}
	f := m.Facts(topology.Known(intern(cluster), from), false)
	for _, u := range f.Images {
		u.From = address
		u.Object.Address, u.Object.Source, u.Object.File, u.Object.Line = address, v.source, "", 0
		ref, _ := u.Ref.Get()
		u.Ref = topology.Known(intern(ref), topology.Origin{Object: address, Attribute: "image"})
		u.Namespace, u.Account = intern(u.Namespace), intern(u.Account)
	}
	for _, w := range m.Workloads {
		if v.pods.twice(cluster, w.Namespace, w.Kind, w.Name) {
			return nil
		}
		if owner != (Owner{}) {
			v.pods.owned = append(v.pods.owned, owned{v.pods.key(cluster, w.Namespace, owner.Kind, owner.Name), f.Images})
			return nil
		}
	}
	v.facts.Images = append(v.facts.Images, f.Images...)
	return nil
}

// Controlled reports whether the controller of an object was already added, so that the object need not be read at all. The object itself counts as
// there from now on: it may control others.
func (v *Inventory) Controlled(cluster topology.ID, namespace, kind, name string, owner Owner) bool {
	_, there := v.pods.there[v.pods.key(cluster, namespace, owner.Kind, owner.Name)]
	if there && kind != "Pod" {
		v.pods.twice(cluster, namespace, kind, name)
	}
	return there
}

// key is what tells controllers apart; of a million pods the names would take too much.
func (p *pods) key(cluster topology.ID, namespace, kind, name string) uint64 {
	if p.there == nil {
		p.seed, p.there = maphash.MakeSeed(), map[uint64]struct{}{}
	}
	return maphash.Comparable(p.seed, [4]string{string(cluster), namespace, kind, name})
}

// twice reports whether a workload was added before, and keeps that it is there.
func (p *pods) twice(cluster topology.ID, namespace, kind, name string) bool {
	k := p.key(cluster, namespace, kind, name)
	_, before := p.there[k]
	p.there[k] = struct{}{}
	return before
}

// intern keeps one copy of a text that many facts share.
func intern[T ~string](s T) T { return unique.Make(s).Value() }

// settlePods adds what is owned by controllers that nobody told of.
func (v *Inventory) settlePods() {
	for _, o := range v.pods.owned {
		if _, there := v.pods.there[o.by]; !there {
			v.facts.Images = append(v.facts.Images, o.images...)
		}
	}
	v.pods.owned = nil
}
