package docs

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

const regenerate = "run: go run ./internal/docs/generate"

func TestPagesAreUpToDate(t *testing.T) {
	folder := filepath.Join("..", "..", "docs", "guides")
	pages := Pages()
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Errorf("%s is missing; %s", name, regenerate)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s is stale; %s", name, regenerate)
		}
	}
	there, err := filepath.Glob(filepath.Join(folder, Prefix+"*.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range there {
		if _, wanted := pages[filepath.Base(name)]; !wanted {
			t.Errorf("%s is the page of no check; %s", name, regenerate)
		}
	}
}

// TestAddress holds that a result's address leads to a page that is written.
func TestAddress(t *testing.T) {
	for _, c := range checks.All() {
		file := filepath.Base(checks.DocsBase+c.Name) + ".md"
		if _, ok := Pages()[file]; !ok {
			t.Errorf("the results of %s point to %s, which is not written", c.Name, file)
		}
	}
}

// TestAddresses holds that both registries show the pages under the same path: the file's name in docs/guides, without its extension.
func TestAddresses(t *testing.T) {
	const path = "/gkepreflight/gkepreflight/latest/docs/guides/"
	if want := "https://registry.terraform.io/providers" + path + Prefix; checks.DocsBase != want {
		t.Errorf("results point to %s, the registry shows the pages under %s", checks.DocsBase, want)
	}
	if want := "https://search.opentofu.org/provider" + path; openTofu != want {
		t.Errorf("%s, want %s", openTofu, want)
	}
}

// TestEveryPageIsWhole holds that a page answers what one asks when a check fails.
func TestEveryPageIsWhole(t *testing.T) {
	for _, c := range checks.All() {
		text := string(Pages()[Prefix+c.Name+".md"])
		at := 0
		for _, part := range []string{"\nTests that ", "Severity: **", " Since " + c.Since + ".\n", "\n## Why pulls break\n", "\n## What the cluster shows\n", "\n## Broken\n", "\n## Right\n",
			"\n## Verify by hand\n", "```shell\n", "\n## Limits\n", "\n## Reads and permissions\n", "\n## Accept it\n"} {
			found := strings.Index(text[at:], part)
			if found < 0 {
				t.Errorf("%s: no %q after %q", c.Name, part, text[max(0, at-40):at])
				break
			}
			at += found
		}
	}
}

func TestEveryCheckIsIllustrated(t *testing.T) {
	for _, c := range checks.All() {
		for part, text := range map[string]string{"symptom": c.Page.Symptom, "broken": c.Page.Broken, "mended": mended(c), "look": c.Page.Look, "commands": c.Page.Commands} {
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: no %s", c.Name, part)
			}
		}
		if c.Page.Broken == mended(c) {
			t.Errorf("%s: broken and mended are the same", c.Name)
		}
	}
}

var fenced = regexp.MustCompile("(?s)```terraform\n(.*?)\n```")

func TestConfigurationsParse(t *testing.T) {
	for name, text := range Pages() {
		blocks := fenced.FindAllSubmatch(text, -1)
		if len(blocks) < 2 && name != "checks.md" {
			t.Errorf("%s: %d configurations, want broken and right", name, len(blocks))
		}
		for _, m := range blocks {
			if _, diags := hclsyntax.ParseConfig(m[1], name, hcl.InitialPos); diags.HasErrors() {
				t.Errorf("%v:\n%s", diags, m[1])
			}
			if formatted := hclwrite.Format(m[1]); !bytes.Equal(formatted, m[1]) {
				t.Errorf("%s: not formatted; want\n%s", name, formatted)
			}
		}
	}
}

var frontMatter = regexp.MustCompile(`\A---\npage_title: "[A-Za-z -]+"\nsubcategory: "Checks"\ndescription: \|-\n  [A-Z][^\n]+\.\n---\n\n# [A-Za-z -]+\n`)

func TestFrontMatter(t *testing.T) {
	for name, text := range Pages() {
		if !frontMatter.Match(text) {
			t.Errorf("%s: front matter", name)
		}
		if bytes.Contains(text, []byte("..\n")) {
			t.Errorf("%s: two full stops", name)
		}
	}
}

// TestLinks holds that every link into the registry's pages of this provider leads to one that is there.
func TestLinks(t *testing.T) {
	root, _, _ := strings.Cut(checks.DocsBase, "guides/")
	link := regexp.MustCompile(regexp.QuoteMeta(root) + `([a-z_/-]+)`)
	folder := filepath.Join("..", "..", "docs")
	seen := 0
	err := filepath.WalkDir(folder, func(name string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".md" {
			return err
		}
		text, err := os.ReadFile(name)
		for _, m := range link.FindAllSubmatch(text, -1) {
			seen++
			if _, err := os.Stat(filepath.Join(folder, filepath.FromSlash(string(m[1]))+".md")); err != nil {
				t.Errorf("%s: %s leads nowhere", name, m[0])
			}
		}
		return err
	})
	if err != nil || seen == 0 {
		t.Fatal(seen, err)
	}
}

func TestCode(t *testing.T) {
	for text, want := range map[string]string{
		"set private_ip_google_access = true on it": "set `private_ip_google_access = true` on it",
		"say internet = images where":               "say `internet = images` where",
		"records of *.pkg.dev.":                     "records of `*.pkg.dev`.",
		"with MANUAL_ONLY a gateway":                "with `MANUAL_ONLY` a gateway",
		"plain words, 0.0.0.0/0":                    "plain words, 0.0.0.0/0",
	} {
		if got := code(text); got != want {
			t.Errorf("code(%q) = %q, want %q", text, got, want)
		}
	}
}
