// Package docs writes the page of each check from its declaration.
package docs

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// Prefix begins the file name of each check's page; checks.DocsBase ends with it.
const Prefix = "check-"

// openTofu is where OpenTofu's registry shows these pages.
const openTofu = "https://search.opentofu.org/provider/gkepreflight/gkepreflight/latest/docs/guides/"

// Pages are the checks' pages, and the one that lists them, by file name.
func Pages() map[string][]byte {
	pages := map[string][]byte{"checks.md": list(checks.All())}
	for _, c := range checks.All() {
		pages[Prefix+c.Name+".md"] = page(c)
	}
	return pages
}

func list(all []checks.Check) []byte {
	var b strings.Builder
	b.WriteString("---\npage_title: \"All checks\"\nsubcategory: \"Checks\"\ndescription: |-\n  What is checked, how severe a failure is, and where to read on.\n---\n\n# All checks\n\n" +
		"| check | severity | holds when |\n|---|---|---|\n")
	for _, c := range all {
		fmt.Fprintf(&b, "| [%s](%s%s) | %s | %s |\n", c.Name, checks.DocsBase, c.Name, c.Severity, code(c.Holds))
	}
	b.WriteString("\nThe severity is the usual one; a result may have another where the page of its check says so, and `severity` changes it by name of check.\n" +
		"\nResults give the addresses above. OpenTofu's registry has the same pages, under " + openTofu + " and the same names.\n")
	return []byte(b.String())
}

func page(c checks.Check) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "---\npage_title: %q\nsubcategory: \"Checks\"\ndescription: |-\n  %s.\n---\n\n# %s\n\n", c.Name, sentence(c.Holds), c.Name)
	fmt.Fprintf(&b, "Tests that %s.\n\n", code(c.Holds))
	fmt.Fprintf(&b, "Severity: **%s**. Since %s.\n", c.Severity, c.Since)
	section(&b, "Why pulls break", code(c.Why))
	section(&b, "What the cluster shows", c.Page.Symptom)
	section(&b, "Broken", fence("terraform", c.Page.Broken))
	section(&b, "Right", code(c.Mend), fence("terraform", mended(c)))
	section(&b, "Verify by hand", c.Page.Look, fence("shell", c.Page.Commands))
	section(&b, "Limits", code(c.Limits))
	section(&b, "Reads and permissions", reads(c)...)
	section(&b, "Accept it", accept(c)...)
	return []byte(b.String())
}

// mended is the configuration that holds: the declaration's example, unless it takes more to stand against the broken one.
func mended(c checks.Check) string {
	if c.Page.Mended != "" {
		return c.Page.Mended
	}
	return c.Example
}

func reads(c checks.Check) []string {
	names := make([]string, len(c.Reads))
	for i, r := range c.Reads {
		names[i] = string(r)
	}
	out := []string{"Reads: " + strings.Join(names, ", ") + ".", "From a plan, a state or the objects of a gate it needs no permission."}
	if len(c.Permissions) == 0 {
		return out
	}
	list := slices.Clone(c.Permissions)
	for i, p := range list {
		list[i] = "* `" + p + "`"
	}
	return append(out, "Reading the same from Google Cloud needs:", strings.Join(list, "\n"),
		fmt.Sprintf("`gkepreflight explain %s --permissions` prints them as a role.", c.Name))
}

func accept(c checks.Check) []string {
	commands := fmt.Sprintf("On the command line, `--severity %s=info` keeps the result in the report and lets it stop nothing; `--skip %s` leaves the check out.", c.Name, c.Name)
	if c.Cluster == nil {
		return []string{commands} // a gate judges a cluster, not the plan it is part of
	}
	entry := fmt.Sprintf("ignore = [{\n  check   = %q\n  objects = [\"*\"]\n  reason  = \"Say here why.\"\n  expires = \"2027-12-31\"\n}]", c.Name)
	return []string{"In the gate, with a reason:", fence("terraform", entry), commands}
}

// section writes a heading and its paragraphs, or nothing where there are none.
func section(b *strings.Builder, title string, paragraphs ...string) {
	paragraphs = slices.DeleteFunc(paragraphs, func(p string) bool { return p == "" })
	if len(paragraphs) > 0 {
		fmt.Fprintf(b, "\n## %s\n\n%s\n", title, strings.Join(paragraphs, "\n\n"))
	}
}

func fence(language, text string) string {
	if text == "" {
		return ""
	}
	return "```" + language + "\n" + strings.Trim(text, "\n") + "\n```"
}

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// word is what people type: an attribute, with its value where one follows, or a domain with a wildcard.
var word = regexp.MustCompile(`(?:\b[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+\b|\b(?:internet|mirror|images)\b)(?: = "?[A-Za-z0-9]+"?)|\b[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+\b|\*\.[a-z.]*[a-z]`)

// code marks such words in text.
func code(text string) string { return word.ReplaceAllString(text, "`$0`") }
