package checks

import (
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Severity is what a failure is worth.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Info    Severity = "info"
)

// Object is what a result speaks about.
type Object struct {
	Kind    string `json:"kind"`
	Address string `json:"address"`
	Name    string `json:"name"`
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
}

// Suppression is the exception that a result fell under.
type Suppression struct {
	Reason  string `json:"reason"`
	Expires string `json:"expires,omitempty"`
}

// Result is one check's verdict on one object.
type Result struct {
	Check      string            `json:"check"`
	Status     topology.Verdict  `json:"status"`
	Severity   Severity          `json:"severity"`
	Cluster    string            `json:"cluster"`
	Object     Object            `json:"object"`
	Regression bool              `json:"regression,omitempty"`
	CausedBy   string            `json:"caused_by,omitempty"`
	Message    string            `json:"message"`
	Path       []egress.Hop      `json:"path,omitempty"`
	Evidence   []egress.Evidence `json:"evidence,omitempty"`
	Fix        string            `json:"fix,omitempty"`
	Docs       string            `json:"docs"`
	Suppressed *Suppression      `json:"suppressed,omitempty"`
	// Image is the normalised image that the result is about, for exceptions to match.
	Image string `json:"-"`
	// Loose marks a result on a workload that is joined to no cluster: it is told once, not for each.
	Loose bool `json:"-"`
}

// ClusterVerdict is a cluster's verdict in the words of the report.
type ClusterVerdict string

// The verdicts of a cluster.
const (
	ClusterPass    ClusterVerdict = "pass"
	ClusterWarn    ClusterVerdict = "warn"
	ClusterFail    ClusterVerdict = "fail"
	ClusterUnknown ClusterVerdict = "unknown"
)

// Cluster is a judged cluster.
type Cluster struct {
	Address      string         `json:"address"`
	Name         string         `json:"name"`
	Project      string         `json:"project"`
	Location     string         `json:"location"`
	PrivateNodes string         `json:"private_nodes"` // all, some, none, unknown
	Verdict      ClusterVerdict `json:"verdict"`
}

// Image is one image and how the nodes of one cluster come by it.
type Image struct {
	Ref             string   `json:"ref"`
	Normalized      string   `json:"normalized"`
	Cluster         string   `json:"cluster"`
	From            []string `json:"from"`
	Reachable       string   `json:"reachable"` // pass, fail, unknown
	Via             string   `json:"via"`       // internet, google, mirror, endpoint, none, unknown
	MirrorDependent bool     `json:"mirror_dependent"`
}

// Summary counts clusters by verdict, and suppressed results.
type Summary struct {
	Clusters   int `json:"clusters"`
	Passed     int `json:"passed"`
	Warned     int `json:"warned"`
	Failed     int `json:"failed"`
	Unknown    int `json:"unknown"`
	Suppressed int `json:"suppressed"`
}

// Judgement is everything the checks found, sorted: the same facts give the same judgement, byte for byte.
type Judgement struct {
	Summary  Summary
	Clusters []Cluster
	Images   []Image
	Results  []Result
	// Notes are what the reader should know of exceptions: expired, or not used.
	Notes []string
}

// Tests counts results the way the closing line of the text report does.
type Tests struct{ Total, Passed, Warnings, Failures, Exceptions int }

// Count counts: results that were not skipped; undecided ones are warnings, suppressed ones exceptions.
func Count(results []Result) Tests {
	var n Tests
	for _, r := range results {
		if r.Status == topology.Skip {
			continue
		}
		n.Total++
		switch {
		case r.Suppressed != nil:
			n.Exceptions++
		case r.Status == topology.Pass:
			n.Passed++
		case r.Status == topology.Fail && r.Severity == Error:
			n.Failures++
		default:
			n.Warnings++
		}
	}
	return n
}

// open reports whether a result asks for something to be done.
func (r Result) open() bool { return r.Status == topology.Fail || r.Status == topology.Undecided }

// called is the name people know an object by: its address where the name is not known.
func (o Object) called() string {
	if o.Name != "" {
		return o.Name
	}
	return o.Address
}
