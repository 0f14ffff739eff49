package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/googleapis/gax-go/v2/apierror"
	"google.golang.org/api/googleapi"
)

// info is the body of an error in the newer form.
func info(code int, reason string, metadata string) string {
	return fmt.Sprintf(`{"error":{"code":%d,"message":"m","status":"S","details":[{"@type":"type.googleapis.com/google.rpc.Help"},`+
		`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":%q,"domain":"googleapis.com","metadata":{%s}}]}}`, code, reason, metadata)
}

// legacy is the body of an error in the older form, of Compute Engine and Cloud DNS.
func legacy(code int, reason string) string {
	return fmt.Sprintf(`{"error":{"code":%d,"message":"m","errors":[{"message":"m","domain":"global","reason":%q}]}}`, code, reason)
}

// What an answer that is none is called, in both forms that errors have.
func TestAnswered(t *testing.T) {
	routers := routerList.rule
	for _, tc := range []struct {
		name     string
		code     int
		body     string
		why      string
		off, who string
		nobody   bool
	}{
		{"a refusal", 403, legacy(403, "forbidden"), "403: compute.routers.list (roles/compute.networkViewer holds it)", "", "", false},
		{"a refusal, new form", 403, info(403, "IAM_PERMISSION_DENIED", `"permission":"compute.routers.list"`), "403: compute.routers.list (roles/compute.networkViewer holds it)", "", "", false},
		{"a refusal without words", 403, "", "403: compute.routers.list (roles/compute.networkViewer holds it)", "", "", false},
		{"a refusal in HTML", 403, "<html>", "403: compute.routers.list (roles/compute.networkViewer holds it)", "", "", false},
		{"off, as the older form says it", 403, legacy(403, "accessNotConfigured"), "403: compute.googleapis.com is off in project net (compute.routers.list)", "compute.googleapis.com", "net", false},
		{"off, by the project's name", 403, info(403, "SERVICE_DISABLED", `"service":"compute.googleapis.com","consumer":"projects/net"`),
			"403: compute.googleapis.com is off in project net (compute.routers.list)", "compute.googleapis.com", "net", false},
		{"off, by its number", 403, info(403, "SERVICE_DISABLED", `"service":"compute.googleapis.com","consumer":"projects/123"`),
			"403: compute.googleapis.com is off in project 123 (compute.routers.list)", "compute.googleapis.com", "123", false},
		{"off, and nothing more", 403, info(403, "SERVICE_DISABLED", ""), "403: compute.googleapis.com is off in project net (compute.routers.list)", "compute.googleapis.com", "net", false},
		{"a perimeter", 403, info(403, "SECURITY_POLICY_VIOLATED", `"uid":"x"`), "403: a VPC Service Controls perimeter forbids it: compute.routers.list", "", "", false},
		{"a rate limit that is a 403", 403, legacy(403, "rateLimitExceeded"), "403: too many requests: compute.routers.list", "", "", false},
		{"a user's rate limit", 403, legacy(403, "userRateLimitExceeded"), "403: too many requests: compute.routers.list", "", "", false},
		{"a rate limit, new form", 429, info(429, "RATE_LIMIT_EXCEEDED", ""), "429: too many requests: compute.routers.list", "", "", false},
		{"an expired token", 401, info(401, "ACCESS_TOKEN_EXPIRED", ""), "401: Google Cloud does not accept the access token: it has expired, or it is none", "", "", true},
		{"not there", 404, legacy(404, "notFound"), "404: compute.routers.list", "", "", false},
		{"down", 503, "", "503: compute.routers.list", "", "", false},
		{"elsewhere", 302, "", "302: the answer leads elsewhere, which no API does: compute.routers.list", "", "", false},
		{"a bad request", 400, legacy(400, "invalid"), "400: compute.routers.list: m", "", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			message := ""
			if strings.Contains(tc.body, `"m"`) {
				message = "m"
			}
			plain := &googleapi.Error{Code: tc.code, Body: tc.body, Message: message}
			wrapped, _ := apierror.FromError(plain) // as the newer clients hand it on
			for _, err := range []error{plain, fmt.Errorf("list: %w", plain), wrapped} {
				var why *refusal
				if !errors.As(explain(routers, "net", err), &why) {
					t.Fatalf("%T: no refusal", err)
				}
				if why.why != tc.why || why.off != tc.off || why.consumer != tc.who || why.nobody != tc.nobody || why.status != tc.code {
					t.Errorf("%T: %+v", err, why)
				}
			}
		})
	}
	if got := answered(routers, "net", &googleapi.Error{Code: 403, Message: "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: x"}); !strings.Contains(got.why, "perimeter") {
		t.Error(got)
	}
}

// What goes wrong before there is an answer: nothing of it shows an address.
func TestExplain(t *testing.T) {
	at := func(err error) error {
		return &url.Error{Op: "Get", URL: "https://secret.example/?key=1", Err: err}
	}
	for _, tc := range []struct {
		name string
		err  error
		why  string
	}{
		{"no token", at(credentialError{errors.New("revoked")}), "the credentials give no access token: revoked"},
		{"too slow", at(timedOut{90 * time.Second}), "timed out after 90s: compute.routers.list"},
		{"in a circle", at(errCircle), "the list is broken, a page leads back to one that was read: compute.routers.list"},
		{"incomplete", fmt.Errorf("page: %w", incomplete{[]string{"a", "b"}}), "the answer lacks a, b: compute.routers.list"},
		{"broke off", at(io.ErrUnexpectedEOF), "the answer broke off: compute.routers.list"},
		{"closed", at(io.EOF), "the answer broke off: compute.routers.list"},
		{"reset", at(syscall.ECONNRESET), "the answer broke off: compute.routers.list"},
		{"refused", at(errors.New("dial tcp: connection refused")), "compute.routers.list: dial tcp: connection refused"},
		{"too large", at(errTooLarge), "compute.routers.list: the answer is larger than 256 MiB"},
		{"no JSON", errors.New("invalid character '<'"), "compute.routers.list: the answer is no JSON"},
	} {
		if got := explain(routerList.rule, "net", tc.err); got.Error() != tc.why {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.why)
		}
	}
	for _, err := range []error{context.Canceled, at(context.DeadlineExceeded)} {
		if got := explain(routerList.rule, "net", err); !errors.Is(got, err) {
			t.Errorf("%v became %v: whoever gives up is no refusal", err, got)
		}
	}
}

// Nothing of Google's own words but those of a bad request is told, and no secret of them.
func TestRefusalsShowNoSecrets(t *testing.T) {
	for _, code := range []int{302, 400, 401, 403, 404, 429, 500, 503} {
		got := answered(routerList.rule, "net", &googleapi.Error{Code: code, Message: "token ya29.secret access_token=secret", Header: http.Header{"Authorization": {"Bearer ya29.secret"}}})
		if strings.Contains(got.Error(), "secret") {
			t.Errorf("%d: %v", code, got)
		}
	}
}

// Credentials that nobody accepts are one trouble, and so is the same trouble of many projects' clusters no more than one for each.
func TestTroubles(t *testing.T) {
	r := &reading{}
	nobody := &refusal{why: "401", nobody: true}
	r.trouble("project b", &refusal{why: "403"})
	r.trouble("project a", nobody)
	r.trouble("project b", nobody)
	r.trouble("cluster c", fmt.Errorf("asked: %w", nobody))
	want := []Trouble{{"live project b", "403"}, {"live", "401"}, {"live", "401"}, {"live", "asked: 401"}}
	if fmt.Sprint(r.troubles) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", r.troubles, want)
	}
}
