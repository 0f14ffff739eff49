package report

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// sarifRules describes the checks that were held, in the order people read them, and finds each by its name. One that
// the catalogue lacks, from a version to come, is described by its name and stands at the end.
func sarifRules(results []checks.Result) ([]sarifRule, map[string]int) {
	held := map[string]checks.Severity{}
	for _, r := range results {
		held[r.Check] = cmp.Or(held[r.Check], r.Severity)
	}
	rules, index := []sarifRule{}, map[string]int{}
	for _, c := range checks.All() {
		if _, ok := held[c.Name]; ok {
			index[c.Name] = len(rules)
			rules = append(rules, sarifRuleOf(c))
			delete(held, c.Name)
		}
	}
	var unknown []string
	for name := range held {
		unknown = append(unknown, name)
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		index[name] = len(rules)
		rules = append(rules, sarifRuleOf(checks.Check{Name: name, Severity: held[name], Holds: name}))
	}
	return rules, index
}

func sarifRuleOf(c checks.Check) sarifRule {
	name := Clean(c.Name)
	return sarifRule{
		ID:                   name,
		ShortDescription:     plain(sentence(c.Holds)),
		FullDescription:      plain(prose(cmp.Or(c.Why, c.Holds))),
		Help:                 help(c),
		HelpURI:              checks.DocsBase + url.PathEscape(c.Name),
		DefaultConfiguration: sarifDefault{Level: sarifLevel(c.Severity)},
		Properties:           sarifRuleTags{Precision: "high", Tags: []string{"gke", "image-pull", "terraform"}},
	}
}

// help says how to mend it. GitHub shows the Markdown beside an alert, and others the text, which may not be empty.
func help(c checks.Check) sarifMessage {
	mend := cmp.Or(prose(c.Mend), "Its page says how to mend it.")
	m := sarifMessage{Text: mend, Markdown: mend}
	if example := strings.Join(cleanLines(c.Example), "\n"); example != "" {
		m.Text += "\n\n" + example
		m.Markdown += "\n\n" + fenced("hcl", example)
	}
	if limits := prose(c.Limits); limits != "" {
		m.Text += "\n\nLimits: " + limits
		m.Markdown += "\n\n**Limits:** " + limits
	}
	return m
}

// plain is a message without markup. "](" is taken apart: SARIF would make a link of it (3.11.6), and names come from the input.
func plain(text string) sarifMessage {
	return sarifMessage{Text: clip(strings.ReplaceAll(text, "](", "] ("), sarifText)}
}

// prose is a text of ours as one flow of lines.
func prose(s string) string { return strings.Join(cleanLines(s), "\n") }

// sentence is what a check holds, as a heading.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return ""
	}
	return prose(string(unicode.ToUpper(first)) + s[size:])
}
