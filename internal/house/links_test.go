package house

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// ours are the addresses under which this repository is shown, and where in it they lead. Registries show docs without the extension.
var ours = []struct{ address, folder, extension string }{
	{"https://registry.terraform.io/providers/gkepreflight/gkepreflight/latest/docs", "docs", ".md"},
	{"https://search.opentofu.org/provider/gkepreflight/gkepreflight/latest/docs", "docs", ".md"},
	{"https://github.com/gkepreflight/terraform-provider-gkepreflight/blob/main", "", ""},
	{"https://github.com/gkepreflight/terraform-provider-gkepreflight/tree/main", "", ""},
	{"https://raw.githubusercontent.com/gkepreflight/terraform-provider-gkepreflight/main", "", ""},
	{"https://raw.githubusercontent.com/gkepreflight/terraform-provider-gkepreflight/v0.1.0", "", ""},
}

var (
	markdownLink = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	htmlLink     = regexp.MustCompile(`(?:href|src|srcset)="([^"\s]+)"`)
	plainAddress = regexp.MustCompile(`https://[^\s"'<>()\[\]|\x60\x1b,…]+`)
)

// file is a text of the repository, by its path from the root.
type file struct {
	name string
	text []byte
}

// pages are the texts that people follow links in, and the code and golden files that print addresses.
func pages(t *testing.T) []file {
	t.Helper()
	var out []file
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		relative = filepath.ToSlash(relative)
		if d.IsDir() {
			if base := d.Name(); relative != "." && (base == ".git" || base == "bin" || base == "dist" || base == ".terraform" || base == "plans" || base == "states") {
				return filepath.SkipDir
			}
			return nil
		}
		switch {
		case strings.HasSuffix(relative, "_test.go"), relative == "internal/report/testdata/explain.golden": // they hold links that lead nowhere on purpose
			return nil
		case strings.Contains(".md .tmpl .go .yml .yaml .json .rego .tf .golden .text .txt", path.Ext(relative)) && path.Ext(relative) != "":
			text, err := os.ReadFile(name)
			out = append(out, file{relative, text})
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestLinksLeadSomewhere holds that every relative link, and every address of ours wherever it is printed, leads to a file of the repository, and to a heading
// in it.
func TestLinksLeadSomewhere(t *testing.T) {
	relative, addresses := 0, 0
	for _, f := range pages(t) {
		for _, m := range plainAddress.FindAll(f.text, -1) {
			target, is := inRepository(strings.TrimRight(string(m), ".:;`)*"))
			if !is {
				continue
			}
			addresses++
			if why := f.leads(t, target); why != "" {
				t.Errorf("%s: %s %s", f.name, m, why)
			}
		}
		if path.Ext(f.name) != ".md" || strings.HasPrefix(f.name, "docs/") || strings.HasPrefix(f.name, "templates/") {
			continue // the registries follow no relative links
		}
		for _, m := range append(markdownLink.FindAllSubmatch(prose(f.text), -1), htmlLink.FindAllSubmatch(f.text, -1)...) {
			target := string(m[1])
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			relative++
			if strings.HasPrefix(target, "#") {
				target = path.Base(f.name) + target
			}
			if why := f.leads(t, path.Join(path.Dir(f.name), target)); why != "" {
				t.Errorf("%s: %s %s", f.name, m[1], why)
			}
		}
	}
	if relative < 20 || addresses < 100 {
		t.Errorf("only %d relative links and %d addresses found", relative, addresses)
	}
}

// TestNoRelativeLinksInDocs: a registry shows each page at an address of its own making, where a relative link leads nowhere.
func TestNoRelativeLinksInDocs(t *testing.T) {
	for _, f := range pages(t) {
		if !strings.HasPrefix(f.name, "docs/") && !strings.HasPrefix(f.name, "templates/") {
			continue
		}
		for _, m := range markdownLink.FindAllSubmatch(prose(f.text), -1) {
			if target := string(m[1]); !strings.Contains(target, "://") && !strings.HasPrefix(target, "#") {
				t.Errorf("%s: %s", f.name, target)
			}
		}
	}
}

// inRepository says where in the repository an address of ours leads.
func inRepository(address string) (string, bool) {
	for _, o := range ours {
		rest, is := strings.CutPrefix(address, o.address)
		if !is || rest != "" && rest[0] != '/' {
			continue
		}
		rest, fragment, found := strings.Cut(strings.Trim(rest, "/"), "#")
		if o.extension != "" && strings.HasSuffix(o.address+"/"+rest, "/check-") {
			return "docs/guides", true // the base of all checks' addresses
		}
		if o.extension != "" && rest == "" {
			rest = "index"
		}
		if o.extension != "" && rest == "guides" {
			return "docs/guides", true
		}
		target := path.Join(o.folder, rest) + o.extension
		if found {
			target += "#" + fragment
		}
		return target, true
	}
	return "", false
}

// leads says why a path, with a fragment or without, leads nowhere; empty when it leads somewhere.
func (file) leads(t *testing.T, target string) string {
	t.Helper()
	name, fragment, _ := strings.Cut(target, "#")
	info, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		return "leads to no file: " + name
	}
	if fragment == "" || info.IsDir() {
		return ""
	}
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	if !anchors(text)[fragment] {
		return "leads to no heading: #" + fragment
	}
	return ""
}

var (
	fence        = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	heading      = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *#*$`)
	namedAnchor  = regexp.MustCompile(`<a (?:id|name)="([^"]+)"`)
	notInAnchors = regexp.MustCompile(`[^\p{L}\p{N}\p{M}_ -]`)
)

// prose is a text without its code.
func prose(text []byte) []byte {
	return regexp.MustCompile("`[^`\n]*`").ReplaceAll(fence.ReplaceAll(text, nil), nil)
}

// anchors are the fragments of a page, as GitHub and the registries make them of headings.
func anchors(text []byte) map[string]bool {
	out := map[string]bool{}
	for _, m := range heading.FindAllSubmatch(fence.ReplaceAll(text, nil), -1) {
		plain := regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`).ReplaceAll(m[1], []byte("$1"))
		slug := strings.ReplaceAll(notInAnchors.ReplaceAllString(strings.ToLower(string(plain)), ""), " ", "-")
		for n := 1; out[slug]; n++ {
			slug = strings.TrimSuffix(slug, "-"+string(rune('0'+n-1))) + "-" + string(rune('0'+n))
		}
		out[slug] = true
	}
	for _, m := range namedAnchor.FindAllSubmatch(text, -1) {
		out[string(m[1])] = true
	}
	return out
}

// TestAddressesOfResults holds that what every result carries leads to its check's page, and that schemas are where they say.
func TestAddressesOfResults(t *testing.T) {
	for _, c := range checks.All() {
		target, is := inRepository(checks.DocsBase + c.Name)
		if want := "docs/guides/check-" + c.Name + ".md"; !is || target != want {
			t.Errorf("%s leads to %s, want %s", checks.DocsBase+c.Name, target, want)
		}
	}
	names, err := filepath.Glob(filepath.Join(root, "schema", "*.schema.json"))
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var schema struct {
			ID string `json:"$id"`
		}
		if err := json.Unmarshal(text, &schema); err != nil {
			t.Fatal(err)
		}
		if target, is := inRepository(schema.ID); !is || target != "schema/"+filepath.Base(name) {
			t.Errorf("%s says it is at %s", name, schema.ID)
		}
	}
}

// What the checker takes for somewhere, and what not.
func TestLinkChecker(t *testing.T) {
	for address, want := range map[string]string{
		ours[0].address:                                        "docs/index.md",
		ours[0].address + "/guides/checks":                     "docs/guides/checks.md",
		ours[0].address + "/resources/gate#schema":             "docs/resources/gate.md#schema",
		checks.DocsBase:                                        "docs/guides",
		ours[2].address + "/recipes/rego":                      "recipes/rego",
		"https://registry.terraform.io/providers/hashicorp/x":  "",
		strings.Replace(ours[0].address, "latest", "9.9.9", 1): "",
	} {
		if got, _ := inRepository(address); got != want {
			t.Errorf("%s leads to %q, want %q", address, got, want)
		}
	}
	for target, somewhere := range map[string]bool{
		"README.md": true, "README.md#security": true, "README.md#nothing-of-the-kind": false, "docs/none.md": false, "docs": true,
		"docs/guides/check-nat-node-range.md#verify-by-hand": true,
	} {
		if got := (file{}).leads(t, target) == ""; got != somewhere {
			t.Errorf("%s leads somewhere: %v", target, got)
		}
	}
	found := anchors([]byte("# What *it* does, and `not`\n```\n# no heading\n```\n## [A](b) – c\n## Twice\n## Twice\n"))
	for _, want := range []string{"what-it-does-and-not", "a--c", "twice", "twice-1"} {
		if !found[want] {
			t.Errorf("no anchor %s in %v", want, found)
		}
	}
	if len(found) != 4 {
		t.Errorf("anchors: %v", found)
	}
	if bytes.Contains(prose([]byte("a `[x](y)`\n```\n[x](y)\n```\n")), []byte("](")) {
		t.Error("code is taken for prose")
	}
}
