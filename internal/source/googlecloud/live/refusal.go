package live

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"

	"google.golang.org/api/googleapi"
)

// refusal is why a question has no answer, in words that a report can show. It holds no address, no header and no token.
type refusal struct {
	why    string
	status int // of the answer; zero where there was none
	// off is the API that is switched off, in the project that is billed for the question, by name or number.
	off, consumer string
	// nobody is true where it is the credentials that are not accepted, so that every other question has the same answer.
	nobody bool
}

func (r *refusal) Error() string { return r.why }

// explain words an error of the clients. About is the project that was asked about.
func explain(q rule, about string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var slow timedOut
	var credential credentialError
	var lacks incomplete
	var answer *googleapi.Error
	switch {
	case errors.As(err, &credential):
		return &refusal{why: credential.Error(), nobody: true}
	case errors.As(err, &slow):
		return &refusal{why: slow.Error() + ": " + q.permission}
	case errors.Is(err, errCircle):
		return &refusal{why: "the list is broken, " + errCircle.Error() + ": " + q.permission}
	case errors.As(err, &lacks):
		return &refusal{why: clip(lacks) + ": " + q.permission}
	case errors.As(err, &answer):
		return answered(q, about, answer)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET):
		return &refusal{why: "the answer broke off: " + q.permission}
	case errors.As(err, new(*url.Error)):
		return &refusal{why: q.permission + ": " + clip(err)}
	}
	return &refusal{why: q.permission + ": the answer is no JSON"}
}

// answered words an answer that is none. A 403 names the permission and who holds it; what the server says besides is of no use to the reader.
func answered(q rule, about string, answer *googleapi.Error) *refusal {
	r := &refusal{status: answer.Code, why: fmt.Sprintf("%d: %s", answer.Code, q.permission)}
	d := detailOf(answer)
	switch {
	case answer.Code == http.StatusUnauthorized:
		r.why, r.nobody = "401: Google Cloud does not accept the access token: it has expired, or it is none", true
	case d.reason == "SERVICE_DISABLED" || d.reason == "accessNotConfigured":
		service, _, _ := strings.Cut(q.method, ".")
		r.off, r.consumer = cmp.Or(d.service, service+".googleapis.com"), strings.TrimPrefix(cmp.Or(d.consumer, "projects/"+about), "projects/")
		r.why = fmt.Sprintf("403: %s is off in project %s (%s)", r.off, r.consumer, q.permission)
	case d.reason == "SECURITY_POLICY_VIOLATED" || strings.Contains(answer.Message, "vpcServiceControlsUniqueIdentifier"):
		r.why = "403: a VPC Service Controls perimeter forbids it: " + q.permission
	case answer.Code == http.StatusForbidden && !throttling[d.reason]:
		r.why = fmt.Sprintf("403: %s (%s holds it)", q.permission, q.role)
	case answer.Code == http.StatusForbidden || answer.Code == http.StatusTooManyRequests:
		r.why = fmt.Sprintf("%d: too many requests: %s", answer.Code, q.permission)
	case answer.Code/100 == 3:
		r.why = fmt.Sprintf("%d: the answer leads elsewhere, which no API does: %s", answer.Code, q.permission)
	case answer.Code == http.StatusBadRequest && answer.Message != "":
		r.why += ": " + clip(errors.New(answer.Message))
	}
	return r
}

// detail is what an answer says of itself for programs.
type detail struct{ reason, service, consumer string }

// detailOf reads both forms of errors: the newer one with its google.rpc.ErrorInfo, and the older list of reasons, which Compute Engine and Cloud DNS
// write. The library that parses the one gives up where the other stands beside it.
func detailOf(answer *googleapi.Error) detail {
	var body struct {
		Error struct {
			Details []struct {
				Type     string `json:"@type"`
				Reason   string
				Metadata map[string]string
			}
			Errors []struct{ Reason string }
		}
	}
	if json.Unmarshal([]byte(answer.Body), &body) != nil {
		return detail{}
	}
	for _, d := range body.Error.Details {
		if strings.HasSuffix(d.Type, "google.rpc.ErrorInfo") {
			return detail{d.Reason, d.Metadata["service"], d.Metadata["consumer"]}
		}
	}
	for _, e := range body.Error.Errors {
		return detail{reason: e.Reason}
	}
	return detail{}
}

// secret is what an access token looks like, or an Authorization header.
var secret = regexp.MustCompile(`(?i)ya29\.[\w.~+/=-]+|\b(?:bearer|basic)\s+[\w.~+/=-]+|"?(?:access_?token|refresh_token|client_secret|private_key|assertion)"?\s*[:=]\s*"?[^\s"&,}]+"?`)

// longest is where the words of others are cut off.
const longest = 200

// clip makes one short line of an error, without the address that was asked and without anything that looks like a token.
func clip(err error) string {
	var at *url.Error
	for errors.As(err, &at) {
		err = at.Err
	}
	text := secret.ReplaceAllString(strings.Join(strings.Fields(err.Error()), " "), "[redacted]")
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return text
}
