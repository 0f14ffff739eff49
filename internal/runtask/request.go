package runtask

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"
)

// testToken is the access token of the request that the platform sends when a run task is created or changed: it wants to see a 200, and nothing done.
const testToken = "test-token"

// Request is what a webhook says, as far as it is used ("Run tasks integration API", request body).
type Request struct {
	PayloadVersion int    `json:"payload_version"`
	Stage          string `json:"stage"`
	AccessToken    string `json:"access_token"`
	Capabilities   struct {
		Outcomes bool `json:"outcomes"`
	} `json:"capabilities"`
	PlanURL      string `json:"plan_json_api_url"`
	CallbackURL  string `json:"task_result_callback_url"`
	Enforcement  string `json:"task_result_enforcement_level"`
	TaskResultID string `json:"task_result_id"`
	RunID        string `json:"run_id"`
	Organization string `json:"organization_name"`
	Workspace    string `json:"workspace_name"`
}

// task is a request under way.
type task struct {
	Request
	received time.Time
	// mu is held while something is posted, so that nothing follows the verdict.
	mu   sync.Mutex
	over bool
}

// parse reads the body of a webhook and says what is wrong with it, in words for whoever signed it.
func parse(body []byte) (Request, error) {
	var r Request
	if err := json.Unmarshal(body, &r); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) && kind.Field != "" {
			return r, fmt.Errorf("%s is a JSON %s: expected the payload of a run task", kind.Field, kind.Value)
		}
		return r, errors.New("the body is not JSON: expected the payload of a run task")
	}
	switch {
	case r.AccessToken == testToken:
		return r, nil
	case r.PayloadVersion != 1:
		return r, fmt.Errorf("payload_version is %d: expected 1", r.PayloadVersion)
	case r.AccessToken == "":
		return r, errors.New("access_token is missing: nothing could be posted")
	case strings.ContainsFunc(r.AccessToken, func(c rune) bool { return c <= ' ' || c > '~' }):
		return r, errors.New("access_token holds characters that no token has")
	case r.CallbackURL == "":
		return r, errors.New("task_result_callback_url is missing: nothing could be posted")
	}
	return r, nil
}

// unfit says why there is no plan to judge at a request's stage; empty where there is one. A task that is attached to the wrong stage judges nothing,
// so it must not pass.
func (r Request) unfit() string {
	switch r.Stage {
	case "post_plan", "pre_apply", "post_apply":
		if r.PlanURL == "" {
			return "the request of stage " + r.Stage + " names no plan (plan_json_api_url): nothing was judged"
		}
		return ""
	case "pre_plan":
		return "this run task is attached to the stage Pre-plan, where there is no plan yet: nothing was judged; attach it to Post-plan"
	}
	return fmt.Sprintf("this run task does not know the stage %q: nothing was judged; attach it to Post-plan", clip(r.Stage, 40))
}

// address parses one of the request's URLs and holds it against the allowed hosts.
func (h hosts) address(field, text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a URL", field)
	}
	if err := h.permit(u); err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	return u, nil
}

// clip cuts text to at most so many characters, and shows that it did.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
