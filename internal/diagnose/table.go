package diagnose

import (
	"regexp"
	"slices"
)

// row is one kind of message and what is behind it.
type row struct {
	name string
	// pattern is looked for in the cause, lower case; except keeps out what another row knows better.
	pattern, except *regexp.Regexp
	// reason matches without a pattern: the kubelet gives it for nothing else.
	reason string
	// when holds what the message alone does not say: whose host it is, which containerd wrote it.
	when       func(symptom) bool
	confidence Confidence
	title      string
	why        string
	fix        string
	docs       string
	// checks are those whose failure explains the cause.
	checks []string
}

// table is every row in the order in which they are tried: the first that matches wins.
var table = slices.Concat(signatureRows, networkRows, transportRows, limitRows, accessRows, imageRows, nodeRows, reasonRows)

// match is the first row for a symptom, nil when none knows it.
func match(s symptom) *row {
	for i := range table {
		if table[i].matches(s) {
			return &table[i]
		}
	}
	return nil
}

func (r *row) matches(s symptom) bool {
	if r.reason != "" && r.reason == s.reason {
		return true
	}
	return r.pattern != nil && r.pattern.MatchString(s.text) && (r.except == nil || !r.except.MatchString(s.text)) && (r.when == nil || r.when(s))
}

// trust is how much a row's match proves: less where the message does not name the host that the row turns on.
func (r *row) trust(s symptom) Confidence {
	if r.when != nil && !s.told && r.confidence == Likely {
		return Unclear
	}
	return r.confidence
}

func toGoogle(s symptom) bool   { return s.google }
func toInternet(s symptom) bool { return !s.google && !s.private && s.host != "" }
func toPrivate(s symptom) bool  { return s.private }
func notGoogle(s symptom) bool  { return !s.google }

// causeless is for failures whose cause the input does not show. It has no pattern: what is left without a cause gets it.
var causeless = row{
	name:       "cause-not-shown",
	confidence: Unclear,
	title:      "The pull fails; the input does not show why",
	why: "The kubelet writes the cause on the event with reason Failed, not on BackOff, and older kubelets do not repeat it in the container's status. Events are kept for about an hour; " +
		"while the pod waits, the kubelet tries again at least every five minutes and writes another.",
	fix: "kubectl get pods,events,nodes --all-namespaces -o json | gkepreflight diagnose\n# or only the events that say why\nkubectl get events --all-namespaces --field-selector reason=Failed -o json | gkepreflight diagnose",
}
