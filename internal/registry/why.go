package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/retry"
)

// words is an error that a registry's answer itself makes: asking again would say the same.
type words string

func (w words) Error() string { return string(w) }

// invalid is an answer that no node could use, though its status says otherwise.
type invalid string

func (i invalid) Error() string { return string(i) }

// why says an error in words that carry no credentials, no address with a query, and nothing a terminal would obey.
func (c *Client) why(err error) string {
	var refused refusal
	var alone throttled
	var status *transport.Error
	var plain words
	var timeout net.Error
	var dns *net.DNSError
	switch {
	case errors.As(err, &refused):
		return c.clean(refused.Error())
	case errors.As(err, &alone):
		return alone.Error()
	case errors.As(err, &status):
		return c.status(status)
	case errors.As(err, &plain):
		return c.clean(string(plain))
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "no such host"
	}
	// The address of a request may be signed, that of the registry is known anyway.
	var address *url.Error
	for errors.As(err, &address) {
		err = address.Err
	}
	return c.clean(err.Error())
}

// status is a registry's refusal with what it says of it: "403: DENIED: …".
func (c *Client) status(e *transport.Error) string {
	parts := []string{fmt.Sprint(e.StatusCode)}
	for _, d := range e.Errors {
		parts = append(parts, strings.Trim(string(d.Code)+": "+d.Message, ": "))
	}
	return c.clean(strings.Join(parts, ": "))
}

// said is what an answer that is neither yes nor no means. The answer to HEAD has no words, so those of GET are asked for where they would
// tell what is missing.
func (r repository) said(ctx context.Context, got reply, what string, ask bool) string {
	wordless := got.method == http.MethodHead && (got.status == http.StatusUnauthorized || got.status == http.StatusForbidden)
	if ask && wordless {
		if full, err := r.fetch(ctx, http.MethodGet, what); err == nil && full.status == got.status {
			got = full
		}
	}
	if got.status == http.StatusTooManyRequests {
		if after, told := retry.After(got.header, r.c.wire.now()); told {
			return throttled{status: got.status, after: after}.Error()
		}
	}
	var e transport.Error
	if err := json.Unmarshal(got.body, &e); err != nil {
		e.Errors = nil // some page, or nothing
	}
	e.StatusCode = got.status
	return r.c.status(&e)
}

// secrets are credentials that were used, so that none is repeated by an error that quotes them.
type secrets struct {
	mu   sync.Mutex
	list []string
}

func (s *secrets) add(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if secret != "" && !slices.Contains(s.list, secret) {
		s.list = append(s.list, secret)
	}
}

func (s *secrets) hide(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, secret := range s.list {
		text = strings.ReplaceAll(text, secret, "REDACTED")
	}
	return text
}

// lookSecret are credentials by their form: those of headers, queries and addresses, Google's access tokens, and JSON web tokens.
var lookSecret = []struct {
	form *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`(?i)\b(bearer|basic)\s+[a-z0-9._~+/=-]{16,}`), "$1 REDACTED"},
	{regexp.MustCompile(`(?i)\b([a-z_-]*(?:token|secret|password|signature|sig|x-amz-[a-z-]+|x-goog-[a-z-]+)=)[^&\s"']+`), "${1}REDACTED"},
	{regexp.MustCompile(`//[^/\s@]+@`), "//REDACTED@"},
	{regexp.MustCompile(`\bya29\.[\w.-]+`), "REDACTED"},
	{regexp.MustCompile(`\beyJ[\w-]+\.[\w-]+\.[\w-]*`), "REDACTED"},
}

// longest is how much of a registry's words is repeated.
const longest = 300

func (c *Client) clean(text string) string {
	text = c.secrets.hide(text)
	for _, s := range lookSecret {
		text = s.form.ReplaceAllString(text, s.with)
	}
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }), " ")
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return text
}
