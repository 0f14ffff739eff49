package runtask

// result is the JSON:API document that a callback takes ("Run tasks integration API", run task callback).
type result struct {
	Data resultData `json:"data"`
}

type resultData struct {
	Type          string           `json:"type"`
	Attributes    resultAttributes `json:"attributes"`
	Relationships *resultRelatives `json:"relationships,omitempty"`
}

type resultAttributes struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

type resultRelatives struct {
	Outcomes struct {
		Data []outcome `json:"data"`
	} `json:"outcomes"`
}

type outcome struct {
	Type       string            `json:"type"`
	Attributes outcomeAttributes `json:"attributes"`
}

type outcomeAttributes struct {
	ID          string           `json:"outcome-id"`
	Description string           `json:"description"`
	Body        string           `json:"body,omitempty"`
	URL         string           `json:"url,omitempty"`
	Tags        map[string][]tag `json:"tags,omitempty"`
}

// tag is shown beside an outcome. Its level is none, info, warning or error.
type tag struct {
	Label string `json:"label"`
	Level string `json:"level"`
}

// The statuses of a task: both passed and failed end it.
const (
	running = "running"
	passed  = "passed"
	failed  = "failed"
)

// longestMessage keeps a message a short one.
const longestMessage = 500

func newResult(status, message string, outcomes []outcome) result {
	r := result{resultData{Type: "task-results", Attributes: resultAttributes{Status: status, Message: clip(message, longestMessage)}}}
	if len(outcomes) > 0 {
		r.Data.Relationships = &resultRelatives{}
		r.Data.Relationships.Outcomes.Data = outcomes
	}
	return r
}
