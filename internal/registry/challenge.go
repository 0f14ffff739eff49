package registry

import (
	"net/http"
	"strings"
)

// challenge is what a registry wants before it answers (WWW-Authenticate; RFC 9110, 11.6.1, and the distribution project's "Token
// Authentication Specification").
type challenge struct {
	scheme     string // bearer or basic, in lower case
	parameters map[string]string
}

// challengeOf is the first challenge that can be met, tokens before passwords.
func challengeOf(h http.Header) (challenge, bool) {
	var basic *challenge
	for _, line := range h.Values("WWW-Authenticate") {
		scheme, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		c := challenge{scheme: strings.ToLower(scheme), parameters: parametersOf(rest)}
		switch {
		case c.scheme == "bearer" && c.parameters["realm"] != "":
			return c, true
		case c.scheme == "basic" && basic == nil:
			basic = &c
		}
	}
	if basic == nil {
		return challenge{}, false
	}
	return *basic, true
}

// parametersOf reads name="value", name=value. It stops where that form ends.
func parametersOf(s string) map[string]string {
	out := map[string]string{}
	for {
		s = strings.TrimLeft(s, " \t,")
		name, rest, found := strings.Cut(s, "=")
		if !found {
			return out
		}
		var value string
		if quoted, is := strings.CutPrefix(rest, `"`); is {
			value, s = unquote(quoted)
		} else {
			end := strings.IndexAny(rest, ", \t")
			if end < 0 {
				end = len(rest)
			}
			value, s = rest[:end], rest[end:]
		}
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := out[name]; !twice {
			out[name] = value
		}
	}
}

// unquote reads up to the closing quote; a backslash stands for the character after it.
func unquote(s string) (value, rest string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), s[i+1:]
		case '\\':
			if i++; i < len(s) {
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String(), ""
}
