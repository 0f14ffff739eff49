package terraform

import (
	"slices"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const perimeterType = "google_access_context_manager_service_perimeter"

// attachPerimeters gives the perimeters the projects and egress rules that are resources of their own. One that cannot be joined may belong to any.
func (w *world) attachPerimeters(f *topology.Facts) {
	for _, in := range w.instances {
		var attr string
		var value []string
		var known bool
		switch in.typ {
		case perimeterType + "_egress_policy":
			attr = "perimeter"
			value, known = stringsOf(dig(in.value, "egress_to", "resources"), in.from("egress_to.resources")).Get()
		case perimeterType + "_resource":
			attr = "perimeter_name"
			var project string
			project, known = stringOf(attribute(in.value, "resource"), in.from("resource")).Get()
			value = []string{project}
		default:
			continue
		}
		name, named := asString(attribute(in.value, attr))
		t := w.join(in, []string{attr}, perimeterType, nil)
		for _, p := range f.Perimeters {
			if t.known && t.id != p.ID && (!named || name != p.Name) || !t.known && named && p.Name != "" && name != p.Name {
				continue
			}
			list := &p.EgressTo
			if attr == "perimeter_name" {
				list = &p.Projects
			}
			old, told := list.Get()
			switch {
			case !told:
			case !known:
				*list = topology.Unknown[[]string](topology.KnownAfterApply, in.from(attr))
			default:
				*list = topology.Known(slices.Concat(old, value), list.Origin)
			}
		}
	}
}
