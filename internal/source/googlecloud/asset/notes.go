package asset

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// most is how many assets are named that could not be read: where a whole type cannot be, one says as much as thousands.
const most = 10

func (r *reader) note(file string, l *line, err error) {
	if r.noted++; r.noted <= most {
		r.notes = append(r.notes, fmt.Sprintf("%s: line %d: %s could not be read (%s): what it would tell is not known", file, l.number, l.name, err))
	}
}

func (r *reader) told() []string {
	if r.noted > most {
		return append(r.notes, fmt.Sprintf("%d more assets could not be read", r.noted-most))
	}
	return r.notes
}

// refuse keeps why a collection of a project is not known whole. The least reason stays, so that the order of lines does not matter.
func (r *reader) refuse(c topology.Collection, project string, l *line, err error) {
	k := listing{c, project}
	why := fmt.Sprintf("%s could not be read: %s", l.name, err)
	if old, refused := r.refused[k]; !refused || why < old {
		r.refused[k] = why
	}
}
