// Package asset reads exports of Cloud Asset Inventory: an asset on each line, in the JSON of the API that it comes from.
package asset

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Options are what a caller may want of reading.
type Options struct {
	// Progress hears from time to time which file is read and how many lines of it were; lines is zero when reading has ended. Nil for nobody.
	Progress func(name string, lines int)
}

// often is after how many lines Progress hears of it.
const often = 4096

// Read reads exports, which may be parts of one. Notes name assets that could not be read: what they would have told is unknown. An error names the
// file, the line and what was expected.
func Read(ctx context.Context, names []string, o Options) (topology.Facts, []string, error) {
	r := &reader{inventory: googlecloud.New(strings.Join(names, ", ")), scan: newScanner(), ids: map[string]string{}, placed: map[string]bool{},
		refused: map[listing]string{}, listed: map[listing]bool{}}
	for _, name := range names {
		err := r.file(ctx, name, o.Progress)
		if o.Progress != nil {
			o.Progress(name, 0)
		}
		if err != nil {
			return topology.Facts{}, nil, err
		}
	}
	for i := range r.later {
		d := &r.later[i]
		r.take(d.file, projectOf(d.line.name), kinds[d.line.kind], &d.line)
	}
	r.conclude()
	return r.inventory.Facts(), r.told(), nil
}

// reader hands the assets of all files to one inventory.
type reader struct {
	inventory *googlecloud.Inventory
	scan      *scanner
	ids       map[string]string // of projects, by number
	placed    map[string]bool   // projects whose ancestors are told
	listed    map[listing]bool
	refused   map[listing]string
	notes     []string
	noted     int
	later     []deferred
	// in the file at hand:
	lists    map[topology.Collection]bool
	projects map[string]bool
}

// listing is a collection of a project.
type listing struct {
	collection topology.Collection
	project    string
}

func (r *reader) file(ctx context.Context, name string, progress func(string, int)) error {
	s, closer, err := openExport(ctx, name)
	if closer != nil {
		defer func() { _ = closer.Close() }()
	}
	if err != nil {
		return err
	}
	r.lists, r.projects = map[topology.Collection]bool{}, map[string]bool{}
	var l line
	for {
		raw, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		l.number = s.n
		if err := r.scan.scan(raw, &l); err != nil {
			return s.refused(err, len(raw))
		}
		if err := s.check(raw); err != nil {
			return s.refused(err, len(raw))
		}
		r.asset(name, &l)
		if progress != nil && s.n%often == 0 {
			progress(name, s.n)
		}
	}
	if l.kind == "" {
		return fmt.Errorf("%s: is empty: %s", name, expected)
	}
	for c := range r.lists {
		for p := range r.projects {
			r.listed[listing{c, p}] = true
		}
	}
	return nil
}

// asset reads one asset. What of it cannot be read is not fatal: it is unknown, and so is what follows from its absence.
func (r *reader) asset(file string, l *line) {
	project := projectOf(l.name)
	if project != "" && !r.projects[project] {
		r.projects[strings.Clone(project)] = true
	}
	k := kinds[l.kind]
	if k.of == "" {
		return
	}
	r.place(project, l.ancestors)
	if k.lists && (l.data != nil || l.perimeter != nil) {
		r.lists[k.of] = true
	}
	if r.ids[project] == "" && isNumber(project) && project != "" && numbered(l.kind) {
		late := *l
		late.data, late.policy, late.perimeter = l.data.Clone(), nil, nil
		r.later = append(r.later, deferred{file, late})
		return
	}
	r.take(file, project, k, l)
}

// take hands an asset to the inventory.
func (r *reader) take(file, project string, k kind, l *line) {
	var err error
	if k.read != nil && (l.data != nil || l.perimeter != nil) {
		if err = k.read(r, l); err != nil {
			r.refuse(k.of, project, l, err)
			r.note(file, l, err)
		}
	}
	if l.policy == nil || !policed[l.kind] {
		return
	}
	r.lists[topology.IAM] = true
	if err = r.policy(l); err != nil {
		r.refuse(topology.IAM, project, l, err)
		r.note(file, l, err)
	}
}

// deferred is an asset that waits for the ID of its project, which its name gives by number.
type deferred struct {
	file string
	line line
}

// numbered reports whether an asset has to wait for the ID of its project. The others are joined to their project in the end.
func numbered(kind string) bool {
	return strings.HasPrefix(kind, "compute.") || strings.HasPrefix(kind, "container.") || strings.Contains(kind, "k8s.io/")
}

// place keeps what lies above a project, and its ID: ancestors name it by number and the asset mostly by ID.
func (r *reader) place(project string, ancestors []string) {
	if len(ancestors) == 0 {
		return
	}
	number, is := strings.CutPrefix(ancestors[0], "projects/")
	if !is || r.placed[number] && (r.ids[number] != "" || isNumber(project)) {
		return
	}
	r.placed[number] = true
	r.inventory.Ancestors(number, ancestors[1:])
	if project != "" && !isNumber(project) {
		r.known(strings.Clone(project), number, "")
	}
}

func isNumber(project string) bool { return strings.Trim(project, "0123456789") == "" }

// conclude says which collections were read. A project is meant by its number as by its ID, and what failed once was not read, whichever part of the
// export holds the rest.
func (r *reader) conclude() {
	refused := map[listing]string{}
	for l, why := range r.refused {
		l.project = r.idOf(l.project)
		refused[l] = why
		r.inventory.Refused(l.collection, l.project, why)
	}
	done := map[listing]bool{}
	for l := range r.listed {
		l.project = r.idOf(l.project)
		if _, failed := refused[l]; !failed && !done[l] {
			done[l] = true
			r.inventory.Listed(l.collection, l.project)
		}
	}
}

func (r *reader) idOf(project string) string {
	if id := r.ids[project]; id != "" {
		return id
	}
	return project
}
