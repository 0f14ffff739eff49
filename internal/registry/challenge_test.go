package registry

import (
	"maps"
	"net/http"
	"testing"
)

func TestChallenge(t *testing.T) {
	for _, tc := range []struct {
		name   string
		lines  []string
		found  bool
		scheme string
		want   map[string]string
	}{
		{"artifact registry", []string{`Bearer realm="https://us-docker.pkg.dev/v2/token",service="us-docker.pkg.dev",scope="repository:p/r/i:pull"`}, true, "bearer",
			map[string]string{"realm": "https://us-docker.pkg.dev/v2/token", "service": "us-docker.pkg.dev", "scope": "repository:p/r/i:pull"}},
		{"commas inside quotes", []string{`Bearer realm="https://a/t", scope="repository:x:pull,push"`}, true, "bearer",
			map[string]string{"realm": "https://a/t", "scope": "repository:x:pull,push"}},
		{"unquoted, upper case", []string{`BEARER Realm=https://a/t,Service=a`}, true, "bearer", map[string]string{"realm": "https://a/t", "service": "a"}},
		{"a quote inside", []string{`Bearer realm="https://a/t",service="a\"b"`}, true, "bearer", map[string]string{"realm": "https://a/t", "service": `a"b`}},
		{"the first of a name", []string{`Bearer realm="https://a/t",realm="https://b/t"`}, true, "bearer", map[string]string{"realm": "https://a/t"}},
		{"tokens before passwords", []string{`Basic realm="a"`, `Bearer realm="https://a/t"`}, true, "bearer", map[string]string{"realm": "https://a/t"}},
		{"passwords", []string{`Negotiate`, `Basic realm="a"`}, true, "basic", map[string]string{"realm": "a"}},
		{"no realm", []string{`Bearer service="a"`}, false, "", nil},
		{"an open quote", []string{`Bearer realm="https://a/t`}, true, "bearer", map[string]string{"realm": "https://a/t"}},
		{"none that is known", []string{`Negotiate`, ``}, false, "", nil},
		{"nothing", nil, false, "", nil},
	} {
		got, found := challengeOf(http.Header{"Www-Authenticate": tc.lines})
		if found != tc.found || got.scheme != tc.scheme || !maps.Equal(got.parameters, tc.want) {
			t.Errorf("%s: got %v %+v", tc.name, found, got)
		}
	}
}

func FuzzChallenge(f *testing.F) {
	f.Add(`Bearer realm="https://a/t",service="a"`)
	f.Add(`Bearer realm="\`)
	f.Add(`Bearer =,=,=`)
	f.Fuzz(func(t *testing.T, line string) {
		c, found := challengeOf(http.Header{"Www-Authenticate": {line}})
		if found && c.scheme != "bearer" && c.scheme != "basic" {
			t.Errorf("%q is a challenge of %q", line, c.scheme)
		}
	})
}
