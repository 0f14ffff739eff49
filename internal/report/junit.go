package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"strconv"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitCounts struct {
	Name     string `xml:"name,attr"`
	Tests    int    `xml:"tests,attr"`
	Failures int    `xml:"failures,attr"`
	Errors   int    `xml:"errors,attr"`
	Skipped  int    `xml:"skipped,attr"`
}

type junitSuite struct {
	junitCounts
	Cases []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitOutcome `xml:"failure"`
	Error   *junitOutcome `xml:"error"`
	Skipped *junitOutcome `xml:"skipped"`
}

// junitOutcome says the same twice: Jenkins and Azure show the attribute, GitLab the element's content. XML 1.0 has no
// way to write control characters, not even escaped: everything in here went through Clean.
type junitOutcome struct {
	Type    string `xml:"type,attr,omitempty"`
	Message string `xml:"message,attr"`
	Text    string `xml:",cdata"`
}

// writeJUnit writes a suite for each cluster, the worst first, and a case for each check and object.
func writeJUnit(w io.Writer, r Report, _ Options) error {
	all := junitSuites{junitCounts: junitCounts{Name: r.Tool.Name}}
	for _, g := range groups(r) {
		s := junitSuite{junitCounts: junitCounts{Name: g.title()}}
		seen := map[[2]string]int{}
		for _, result := range g.results {
			s.add(junitTest(r, s.Name, result, seen))
		}
		all.add(s)
	}
	if len(r.Errors) > 0 {
		s := junitSuite{junitCounts: junitCounts{Name: "sources"}}
		seen := map[[2]string]int{}
		for _, e := range r.Errors {
			text := "could not be read: " + Clean(e.Message)
			s.add(junitCase{Class: "sources", Name: numbered("sources", Clean(e.Source), seen), Error: &junitOutcome{Type: "source", Message: text, Text: text}})
		}
		all.add(s)
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	enc := xml.NewEncoder(&out)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	out.WriteByte('\n')
	_, err := w.Write(out.Bytes())
	return err
}

// junitTest is the case of one result. GitLab takes cases of one class and name for one test and keeps the first, so
// that the class carries the cluster, and the results of one check on one object are numbered.
func junitTest(all Report, suite string, r *checks.Result, seen map[[2]string]int) junitCase {
	c := junitCase{Class: suite + "." + Clean(r.Check)}
	c.Name = numbered(c.Class, called(r), seen)
	if r.Object.File != "" {
		c.File, c.Line = Clean(all.inRepository(r.Object.File)), r.Object.Line
	}
	skip := func(message, text string) { c.Skipped = &junitOutcome{Message: message, Text: text} }
	switch {
	case r.Suppressed != nil:
		text := "exception: " + exceptionText(r.Suppressed)
		skip(text, text+"\n"+headline(r))
	case r.Status == topology.Undecided:
		skip(headline(r), whole(r))
	case r.Status == topology.Skip:
		skip("not asked: "+headline(r), "not asked: "+headline(r))
	case r.Status == topology.Fail && r.Severity == checks.Error:
		c.Failure = &junitOutcome{Type: string(checks.Error), Message: headline(r), Text: whole(r)}
	case r.Status == topology.Fail:
		// JUnit has no warnings, and build servers turn every failure into a red build: failures here are the failures of
		// the closing line.
		kind := Clean(string(r.Severity)) + ": "
		skip(kind+headline(r), kind+whole(r))
	}
	return c
}

// numbered makes a name the only one of its class.
func numbered(class, name string, seen map[[2]string]int) string {
	at := [2]string{class, name}
	if seen[at]++; seen[at] > 1 {
		return name + " (" + strconv.Itoa(seen[at]) + ")"
	}
	return name
}

func (s *junitSuite) add(c junitCase) {
	s.Cases = append(s.Cases, c)
	s.Tests++
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Error != nil:
		s.Errors++
	case c.Skipped != nil:
		s.Skipped++
	}
}

func (s *junitSuites) add(more junitSuite) {
	s.Suites = append(s.Suites, more)
	s.Tests += more.Tests
	s.Failures += more.Failures
	s.Errors += more.Errors
	s.Skipped += more.Skipped
}
