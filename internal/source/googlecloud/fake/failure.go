package fake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// failure is an error as Google words it.
type failure struct {
	code int
	// reason is the older APIs' word for it, status the newer ones'.
	reason, status, message string
	// info is the reason of a google.rpc.ErrorInfo; empty for none.
	info     string
	metadata map[string]string
	help     string
	// again says that the answer has a Retry-After, retry what it is.
	again bool
	retry time.Duration
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.code, f.message) }

func notFound(message string) *failure {
	return &failure{code: http.StatusNotFound, reason: "notFound", status: "NOT_FOUND", message: message}
}

func invalid(message string) *failure {
	return &failure{code: http.StatusBadRequest, reason: "invalid", status: "INVALID_ARGUMENT", message: message}
}

func unauthenticated() *failure {
	return &failure{code: http.StatusUnauthorized, reason: "authError", status: "UNAUTHENTICATED", info: "ACCESS_TOKEN_EXPIRED",
		message: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."}
}

func (o *operation) denied(resource string) *failure {
	return &failure{code: http.StatusForbidden, reason: "forbidden", status: "PERMISSION_DENIED", message: apis[o.api].deny(o.permission, resource),
		info: "IAM_PERMISSION_DENIED", metadata: map[string]string{"permission": o.permission, "resource": resource}}
}

// disabled is what a project answers where a service was never switched on.
func (o *operation) disabled(project string) *failure {
	service := apis[o.api].service
	page := "https://console.developers.google.com/apis/api/" + service + "/overview?project=" + project
	return &failure{code: http.StatusForbidden, reason: "accessNotConfigured", status: "PERMISSION_DENIED", info: "SERVICE_DISABLED", help: page,
		message:  service + " has not been used in project " + project + " before or it is disabled. Enable it by visiting " + page + " then retry.",
		metadata: map[string]string{"service": service, "consumer": "projects/" + project}}
}

func tooMany(retry time.Duration) *failure {
	return &failure{code: http.StatusTooManyRequests, reason: "rateLimitExceeded", status: "RESOURCE_EXHAUSTED", info: "RATE_LIMIT_EXCEEDED", again: true, retry: retry,
		message: "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of the service."}
}

func unavailable(retry time.Duration) *failure {
	return &failure{code: http.StatusServiceUnavailable, reason: "backendError", status: "UNAVAILABLE", again: true, retry: retry,
		message: "The service is currently unavailable."}
}

// write answers with the failure in the form of an API.
func (f *failure) write(w http.ResponseWriter, a api) {
	body := map[string]any{"code": f.code, "message": f.message}
	// The older APIs give details only beside a status, and neither for a plain refusal.
	if !a.legacy || f.info == "SERVICE_DISABLED" || f.code == http.StatusUnauthorized {
		body["status"] = f.status
		if details := f.details(a); len(details) > 0 {
			body["details"] = details
		}
	}
	if a.legacy {
		domain := "global"
		if f.reason == "accessNotConfigured" || f.reason == "rateLimitExceeded" {
			domain = "usageLimits"
		}
		body["errors"] = []map[string]string{{"message": f.message, "domain": domain, "reason": f.reason}}
	}
	if f.again {
		w.Header().Set("Retry-After", strconv.Itoa(int(f.retry.Seconds())))
	}
	if f.code == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="https://accounts.google.com/", error="invalid_token"`)
	}
	send(w, f.code, map[string]any{"error": body})
}

func (f *failure) details(a api) []any {
	if f.info == "" {
		return nil
	}
	metadata := map[string]string{"service": a.service}
	for k, v := range f.metadata {
		metadata[k] = v
	}
	details := []any{map[string]any{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": f.info, "domain": "googleapis.com", "metadata": metadata}}
	if f.help != "" {
		details = append(details, map[string]any{"@type": "type.googleapis.com/google.rpc.Help",
			"links": []map[string]string{{"description": "Google developers console API activation", "url": f.help}}})
	}
	return details
}

// send writes a JSON answer of the fake's own making.
func send(w http.ResponseWriter, code int, body any) {
	text, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	sendText(w, code, text)
}

func sendText(w http.ResponseWriter, code int, text []byte) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(code)
	// Who went away does not read the rest.
	_, _ = w.Write(text)
}
