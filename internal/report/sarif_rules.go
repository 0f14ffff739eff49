package report

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// sarifRules describes the checks that were held, in the order people read them, and finds each by its name. One that
// the catalogue lacks, from a version to come, is described by its name and stands at the end.
func sarifRules(results []checks.Result) ([]*sarif.ReportingDescriptor, map[string]int) {
	held := map[string]checks.Severity{}
	for _, r := range results {
		held[r.Check] = cmp.Or(held[r.Check], r.Severity)
	}
	rules, index := []*sarif.ReportingDescriptor{}, map[string]int{}
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

func sarifRuleOf(c checks.Check) *sarif.ReportingDescriptor {
	return sarif.NewReportingDescriptor().
		WithID(Clean(c.Name)).
		WithShortDescription(plainString(sentence(c.Holds))).
		WithFullDescription(plainString(prose(cmp.Or(c.Why, c.Holds)))).
		WithHelp(help(c)).
		WithHelpURI(checks.DocsBase + url.PathEscape(c.Name)).
		WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(sarifLevel(c.Severity))).
		WithProperties(sarif.NewPropertyBag().Add("precision", "high").WithTags([]string{"gke", "image-pull", "terraform"}))
}

// help says how to mend it. GitHub shows the Markdown beside an alert, and others the text, which may not be empty.
func help(c checks.Check) *sarif.MultiformatMessageString {
	text := cmp.Or(prose(c.Mend), "Its page says how to mend it.")
	markdown := text
	if example := strings.Join(cleanLines(c.Example), "\n"); example != "" {
		text += "\n\n" + example
		markdown += "\n\n" + fenced(example)
	}
	if limits := prose(c.Limits); limits != "" {
		text += "\n\nLimits: " + limits
		markdown += "\n\n**Limits:** " + limits
	}
	return sarif.NewMultiformatMessageString().WithText(text).WithMarkdown(markdown)
}

func plainMessage(text string) *sarif.Message { return sarif.NewMessage().WithText(unlinked(text)) }

func plainString(text string) *sarif.MultiformatMessageString {
	return sarif.NewMultiformatMessageString().WithText(unlinked(text))
}

// unlinked takes "](" apart: SARIF would make a link of it (3.11.6), and names come from the input.
func unlinked(text string) string { return clip(strings.ReplaceAll(text, "](", "] ("), sarifText) }

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
