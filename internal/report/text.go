package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// many is how many clusters a reader still wants to see one by one when all is well with them.
const many = 20

// writeText is for people: worst first, and as few words as the verdict allows.
func writeText(w io.Writer, r Report, o Options) error {
	p := newPrinter(o)
	if len(r.Clusters) == 0 {
		p.line(nothing(r.Sources))
		p.line("")
	}
	var quiet, read []group
	for _, g := range groups(r) {
		if len(r.Clusters) > many && g.quiet() {
			quiet = append(quiet, g)
		} else {
			read = append(read, g)
		}
	}
	if len(read) > crowd {
		p.crowded(read)
	} else {
		for i := range read {
			p.group(&read[i])
			p.line("")
		}
	}
	p.quiet(quiet)
	p.errors(r.Errors)
	for _, note := range r.Notes {
		p.item(0, bang, "", Clean(note), 2)
	}
	for _, line := range closing(r) {
		p.line(line)
	}
	_, err := w.Write(p.out.Bytes())
	return err
}

func nothing(sources []Source) string {
	if len(sources) == 0 {
		return "no GKE clusters: nothing to check"
	}
	names := make([]string, len(sources))
	for i, s := range sources {
		names[i] = Clean(s.Name)
		if s.Name == "-" {
			names[i] = "standard input"
		}
	}
	return "no GKE clusters in " + strings.Join(names, ", ") + ": nothing to check"
}

func (p *printer) group(g *group) {
	p.header(g)
	for _, f := range g.findings {
		p.finding(f)
	}
	for _, r := range g.exceptions {
		p.exception(r)
	}
	for _, u := range g.unasked {
		p.item(2, dash, strings.Join(u.checks, ", ")+"  ", "not asked: "+Clean(u.reason), 4)
	}
	if len(g.passed) > 0 {
		p.item(2, tick, "", strings.Join(g.passed, ", "), 4)
	}
	p.images(g.images)
}

// privacy is what a header adds to a cluster whose nodes are not simply private.
var privacy = map[string]string{
	"none":    "no private nodes: nothing is asked of the network",
	"some":    "some of its nodes are private",
	"unknown": "whether its nodes are private is not known",
}

func (p *printer) header(g *group) {
	if g.Verdict == "" {
		p.item(0, dash, Clean(cmp.Or(g.Address, beside)), "", 2)
		return
	}
	parts := []string{place(g.Cluster)}
	if g.Name != "" {
		parts = append(parts, Clean(g.Address))
	}
	parts = append(parts, Clean(string(g.Verdict)))
	if more := privacy[g.PrivateNodes]; more != "" {
		parts = append(parts, "("+more+")")
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	p.item(0, clusterMark(g.Verdict), Clean(cmp.Or(g.Name, g.Address))+"  ", strings.Join(parts, "  "), 4)
}

// place is a cluster's project and location, as far as they are known.
func place(c checks.Cluster) string {
	parts := slices.DeleteFunc([]string{c.Project, c.Location}, func(s string) bool { return s == "" })
	return Clean(strings.Join(parts, "/"))
}

// quiet counts clusters that pass, a line for each project and location.
func (p *printer) quiet(list []group) {
	count := map[string]int{}
	var places []string
	for _, g := range list {
		at := place(g.Cluster)
		if count[at]++; count[at] == 1 {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	if len(places) > crowd {
		p.passing(list)
		return
	}
	for _, at := range places {
		noun := "clusters pass"
		if count[at] == 1 {
			noun = "cluster passes"
		}
		p.item(0, tick, cmp.Or(at, "elsewhere")+"  ", fmt.Sprintf("%d %s", count[at], noun), 4)
	}
	if len(places) > 0 {
		p.line("")
	}
}

func (p *printer) images(list []checks.Image) {
	if len(list) == 0 {
		return
	}
	p.note(2, "images", 2, bold)
	for _, image := range list {
		text := way(image)
		if len(image.From) > 0 {
			text += "  from " + Clean(strings.Join(image.From, ", "))
		}
		p.item(4, imageMark(image), Clean(image.Ref)+"  ", text, 8)
	}
}

func imageMark(image checks.Image) mark {
	switch image.Reachable {
	case "pass":
		return tick
	case "fail":
		return cross
	}
	return question
}

// way says how the nodes come by an image.
func way(image checks.Image) string {
	text := "via " + Clean(image.Via)
	switch {
	case malformed(image):
		text = "is no reference"
	case image.Via == "none":
		text = "no way there"
	case image.Via == "unknown":
		text = "the way there is not known"
	}
	if image.MirrorDependent {
		text += ", depends on the mirror.gcr.io cache"
	}
	return text
}

// malformed tells an image whose reference cannot be read: no registry is named, so that none can be out of reach. What only apply tells has no
// normalised reference either, and stands in parentheses.
func malformed(image checks.Image) bool {
	return image.Reachable == "fail" && image.Normalized == "" && !strings.HasPrefix(image.Ref, "(")
}

func (p *printer) errors(list []SourceError) {
	for _, e := range list {
		p.item(0, cross, Clean(e.Source)+"  ", "could not be read: "+Clean(e.Message), 4)
	}
	if len(list) > 0 {
		p.line("")
	}
}
