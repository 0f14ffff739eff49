// Package diagnose explains failed image pulls: it reads pods and events as kubectl prints them, names the cause of each failure by a table of
// messages, and says whether a judged network explains it.
package diagnose

// SchemaVersion is the version of the JSON diagnosis. Within it members are only ever added.
const SchemaVersion = 1

// Confidence says how much a message proves.
type Confidence string

// The confidences. A cause is unclear where the same message has several causes.
const (
	Certain Confidence = "certain"
	Likely  Confidence = "likely"
	Unclear Confidence = "unclear"
)

// Network says whether a judged network explains a cause.
type Network string

// The answers.
const (
	Explained    Network = "explained"
	NotExplained Network = "not-explained"
	Undecided    Network = "undecided"
	NotAsked     Network = "not-asked"
)

// Pod is a pod that could not pull. Recovered is true when the input shows it with the image pulled since.
type Pod struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Node      string `json:"node"`
	Recovered bool   `json:"recovered"`
}

// Explanation is a failed check that explains a cause.
type Explanation struct {
	Cluster string `json:"cluster"`
	Check   string `json:"check"`
	Message string `json:"message"`
}

// Cause is one cause over all pods that suffer from it.
type Cause struct {
	Name        string        `json:"cause"`
	Title       string        `json:"title"`
	Why         string        `json:"why"`
	Fix         string        `json:"fix"`
	Docs        string        `json:"docs,omitempty"`
	Images      []string      `json:"images"`
	Pods        []Pod         `json:"pods"`
	Count       int           `json:"count"`
	Message     string        `json:"message"`
	Confidence  Confidence    `json:"confidence"`
	Network     Network       `json:"network"`
	ExplainedBy []Explanation `json:"explained_by"`

	checks  []string // the checks whose failure would explain it
	hosts   []string // the registries that were asked
	wanted  []string // the images, normalised
	onNodes []string
	judged  []string // those of checks that the network was held against
	open    []string // those of judged that are not decided
}

// Unrecognised is a message that the table has no row for.
type Unrecognised struct {
	Message string   `json:"message"`
	Images  []string `json:"images"`
	Pods    []Pod    `json:"pods"`
	Count   int      `json:"count"`
}

// Pulls counts images of pods that could not be pulled, and these pods.
type Pulls struct {
	Failed int `json:"failed"`
	Pods   int `json:"pods"`
}

// Diagnosis is what was found. Its strings are safe to show on one line of a terminal (Fix: on several), and secrets in addresses are gone.
type Diagnosis struct {
	Causes       []Cause
	Unrecognised []Unrecognised
	Pulls        Pulls
	// Pods and Events count what was read.
	Pods, Events int
	// Asked is true when a network was judged beside the failures.
	Asked bool
}

// Failed reports whether any failed pull was found.
func (d *Diagnosis) Failed() bool { return len(d.Causes)+len(d.Unrecognised) > 0 }
