package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// Catalogue lists checks for someone who looks for one: name, severity, what holds.
func Catalogue(w io.Writer, list []checks.Check, o Options) error {
	p := newPrinter(o)
	name, severity := 0, 0
	for _, c := range list {
		name, severity = max(name, len(c.Name)), max(severity, len(c.Severity))
	}
	for _, c := range list {
		at := name + severity + 4
		lead := p.paint(bold, c.Name) + pad("", name-len(c.Name)+2) + pad(string(c.Severity), severity) + "  "
		p.wrapped(lead, c.Holds, at, at, "")
	}
	_, err := w.Write(p.out.Bytes())
	return err
}

// Explain tells everything about one check; docs is the address of its page.
func Explain(w io.Writer, c checks.Check, docs string, o Options) error {
	p := newPrinter(o)
	kind := string(c.Severity)
	if c.Since != "" {
		kind += ", since " + c.Since
	}
	p.wrapped(p.paint(bold, c.Name)+" ", "("+kind+")", len(c.Name)+1, 2, "")
	p.section("Holds when", c.Holds)
	p.section("Why", c.Why)
	p.section("How to fix", c.Mend)
	if c.Example != "" {
		p.line("")
		for _, line := range cleanLines(c.Example) {
			if line != "" {
				line = "    " + line
			}
			p.line(line)
		}
	}
	p.section("Limits", c.Limits)
	reads := make([]string, len(c.Reads))
	for i, r := range c.Reads {
		reads[i] = string(r)
	}
	p.section("Reads", strings.Join(reads, ", "))
	p.section("Permissions of a live read", strings.Join(c.Permissions, "\n"))
	p.section("Docs", docs)
	_, err := w.Write(p.out.Bytes())
	return err
}

// section writes a titled paragraph for each line of text, or nothing for no text.
func (p *printer) section(title, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	p.line("")
	p.line(p.paint(bold, title))
	for _, paragraph := range cleanLines(text) {
		p.note(2, paragraph, 2, "")
	}
}

// Role writes the least role that a live read for these checks needs, as `gcloud iam roles create --file` takes it.
func Role(w io.Writer, list []checks.Check) error {
	var permissions []string
	for _, c := range list {
		permissions = append(permissions, c.Permissions...)
	}
	slices.Sort(permissions)
	var b strings.Builder
	b.WriteString("# gcloud iam roles create gkepreflight --project=PROJECT --file=role.yaml\n" +
		"title: gkepreflight\n" +
		"description: What gkepreflight reads to judge whether private GKE nodes can pull their images.\n" +
		"stage: GA\n")
	if len(permissions) == 0 {
		b.WriteString("includedPermissions: []\n")
	} else {
		b.WriteString("includedPermissions:\n")
	}
	for _, permission := range slices.Compact(permissions) {
		fmt.Fprintf(&b, "- %s\n", permission)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
