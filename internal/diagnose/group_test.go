package diagnose

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// found words a diagnosis shortly: cause, count, pods.
func found(d Diagnosis) map[string]int {
	out := map[string]int{}
	for _, c := range d.Causes {
		out[c.Name] = c.Count
	}
	for _, u := range d.Unrecognised {
		out["? "+u.Message] = u.Count
	}
	return out
}

func TestDiagnoseGroups(t *testing.T) {
	timeout := `Failed to pull image "quay.io/a/b:1": dial tcp 54.1.2.3:443: i/o timeout`
	fail := func(pod, message string, count int) Failure {
		f := Failure{Namespace: "n", Pod: pod, Reason: "Failed", Message: message, Count: count}
		f.Image, _, _ = unwrap(message)
		return f
	}
	for name, tc := range map[string]struct {
		failures []Failure
		want     map[string]int
		pulls    Pulls
	}{
		"equal causes over pods":          {[]Failure{fail("a", timeout, 2), fail("b", timeout, 3)}, map[string]int{"no-path-to-internet": 5}, Pulls{2, 2}},
		"a status beside its events":      {[]Failure{fail("a", timeout, 0), fail("a", timeout, 4)}, map[string]int{"no-path-to-internet": 4}, Pulls{1, 1}},
		"a status alone":                  {[]Failure{fail("a", timeout, 0)}, map[string]int{"no-path-to-internet": 1}, Pulls{1, 1}},
		"back-off beside its cause":       {[]Failure{fail("a", timeout, 1), fail("a", `Back-off pulling image "quay.io/a/b:1"`, 9), fail("a", "Error: ErrImagePull", 2)}, map[string]int{"no-path-to-internet": 1}, Pulls{1, 1}},
		"back-off only":                   {[]Failure{fail("a", `Back-off pulling image "quay.io/a/b:1"`, 9)}, map[string]int{"cause-not-shown": 9}, Pulls{1, 1}},
		"back-off of another image":       {[]Failure{fail("a", timeout, 1), fail("a", `Back-off pulling image "quay.io/c/d:1"`, 2)}, map[string]int{"no-path-to-internet": 1, "cause-not-shown": 2}, Pulls{2, 1}},
		"back-off of another pod":         {[]Failure{fail("a", timeout, 1), fail("b", "Error: ImagePullBackOff", 2)}, map[string]int{"no-path-to-internet": 1, "cause-not-shown": 2}, Pulls{2, 2}},
		"one image under two names":       {[]Failure{fail("a", `Failed to pull image "nginx": dial tcp 54.1.2.3:443: i/o timeout`, 1), fail("a", `Back-off pulling image "docker.io/library/nginx:latest"`, 1)}, map[string]int{"no-path-to-internet": 1}, Pulls{1, 1}},
		"two causes of one pull":          {[]Failure{fail("a", timeout, 1), fail("a", `Failed to pull image "quay.io/a/b:1": toomanyrequests`, 1)}, map[string]int{"no-path-to-internet": 1, "registry-rate-limit": 1}, Pulls{1, 1}},
		"unknown messages are kept":       {[]Failure{fail("a", `Failed to pull image "a": odd`, 1), fail("b", `Failed to pull image "a": odd`, 1)}, map[string]int{`? Failed to pull image "a": odd`: 2}, Pulls{2, 2}},
		"a missing secret beside a cause": {[]Failure{fail("a", timeout, 1), {Namespace: "n", Pod: "a", Reason: "FailedToRetrieveImagePullSecret", Message: "Unable to retrieve some image pull secrets (r)", Count: 1}}, map[string]int{"no-path-to-internet": 1, "pull-secret-missing": 1}, Pulls{1, 1}},
		"nobody's failure":                {[]Failure{{Message: timeout, Image: "quay.io/a/b:1", Count: 1}}, map[string]int{"no-path-to-internet": 1}, Pulls{1, 0}},
		"nothing":                         {nil, map[string]int{}, Pulls{}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newReading()
			r.Failures = tc.failures
			d := Diagnose(r)
			if diff := cmp.Diff(tc.want, found(d)); diff != "" {
				t.Error(diff)
			}
			if d.Pulls != tc.pulls {
				t.Errorf("pulls %+v, want %+v", d.Pulls, tc.pulls)
			}
			if d.Failed() != (len(tc.want) > 0) {
				t.Errorf("failed: %v", d.Failed())
			}
		})
	}
}

func TestPodsThatHaveTheImageByNow(t *testing.T) {
	d := Diagnose(readFile(t, "cluster.json"))
	recovered := map[string]bool{}
	for _, c := range d.Causes {
		for _, p := range c.Pods {
			recovered[p.Name] = p.Recovered
		}
	}
	if !recovered["exporter-b"] || recovered["exporter-a"] || recovered["web-1"] {
		t.Errorf("got %v", recovered)
	}
	if _, listed := recovered["fine-1"]; listed {
		t.Error("fine-1 runs: a secret that it did not need failed no pull")
	}
}

func TestTheOrderOfTheInputDoesNotShow(t *testing.T) {
	r := readFile(t, "cluster.json")
	first := Diagnose(r)
	for i, j := 0, len(r.Failures)-1; i < j; i, j = i+1, j-1 {
		r.Failures[i], r.Failures[j] = r.Failures[j], r.Failures[i]
	}
	if diff := cmp.Diff(first, Diagnose(r), cmp.AllowUnexported(Cause{})); diff != "" {
		t.Error(diff)
	}
}

func TestSanitize(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"control characters": {"a\x1b[2J\nb\u202e\u009b", `a\x1b[2J\nb\u202e\x9b`},
		"a password":         {`Get "https://user:s3cret@hub.example.com/v2/": EOF`, `Get "https://REDACTED@hub.example.com/v2/": EOF`},
		"a signed address":   {"https://storage.googleapis.com/x?X-Goog-Signature=abc&ns=docker.io", "https://storage.googleapis.com/x?X-Goog-Signature=REDACTED&ns=docker.io"},
		"in a sentence":      {"GET request to https://a/b?sig=xyz: 403 Forbidden", "GET request to https://a/b?sig=REDACTED: 403 Forbidden"},
		"a token request":    {"https://auth.docker.io/token?scope=repository%3Aa%3Apull&service=registry.docker.io", "https://auth.docker.io/token?scope=repository%3Aa%3Apull&service=registry.docker.io"},
		"a header":           {"Authorization: Bearer ya29.abcdefghijklmnop", "Authorization: Bearer REDACTED"},
		"nothing":            {"no basic auth credentials", "no basic auth credentials"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sanitize(tc.in); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	if got := clip(strings.Repeat("é", 10), 5); got != "éé… (16 bytes more)" {
		t.Errorf("got %q", got)
	}
}
