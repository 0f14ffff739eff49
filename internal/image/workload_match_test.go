package image

import "testing"

// Keys are matched as the kubelet matches them.
func TestMatch(t *testing.T) {
	for _, tc := range []struct {
		name, ref, key string
		want           bool
	}{
		{"Docker Hub", "nginx", "docker.io", true},
		{"Docker Hub, as docker login writes it", "nginx", "https://index.docker.io/v1/", true},
		{"Docker Hub, without a scheme", "nginx", "index.docker.io/v1/", true},
		{"Docker Hub, the host of its index", "nginx", "index.docker.io", true},
		{"Docker Hub, version 2", "team/app:1", "https://index.docker.io/v2/", true},
		{"Docker Hub, no slash at the end", "nginx", "https://index.docker.io/v1", false},
		{"Docker Hub's registry", "nginx", "registry-1.docker.io", false},
		{"Docker Hub's site", "nginx", "hub.docker.com", false},
		{"Docker Hub's old registry", "nginx", "registry.hub.docker.com", false},
		{"the index for others", "quay.io/org/app", "https://index.docker.io/v1/", false},
		{"the index for a host without dots", "localhost/app", "index.docker.io", true},
		{"the index for a host with a port", "localhost:5000/app", "index.docker.io", false},
		{"a repository of Docker Hub", "team/app", "docker.io/team", true},
		{"another repository of Docker Hub", "other/app", "docker.io/team", false},
		{"a library image has a path", "nginx", "docker.io/library", true},

		{"host", "us-docker.pkg.dev/p/r/app", "us-docker.pkg.dev", true},
		{"host with a scheme", "us-docker.pkg.dev/p/r/app", "https://us-docker.pkg.dev", true},
		{"host with http", "us-docker.pkg.dev/p/r/app", "http://us-docker.pkg.dev/", true},
		{"host with a version", "us-docker.pkg.dev/p/r/app", "https://us-docker.pkg.dev/v2/", true},
		{"another location", "us-docker.pkg.dev/p/r/app", "europe-docker.pkg.dev", false},
		{"a glob for a label", "us-docker.pkg.dev/p/r/app", "*.pkg.dev", true},
		{"a glob within a label", "us-docker.pkg.dev/p/r/app", "*-docker.pkg.dev", true},
		{"a question mark begins a query", "us-docker.pkg.dev/p/r/app", "u?-docker.pkg.dev", false},
		{"a class", "us-docker.pkg.dev/p/r/app", "[tu]s-docker.pkg.dev", true},
		{"a glob spans one label", "us-docker.pkg.dev/p/r/app", "*.dev", false},
		{"a domain is no suffix", "us-docker.pkg.dev/p/r/app", "pkg.dev", false},
		{"one label too many", "us-docker.pkg.dev/p/r/app", "*.docker.pkg.dev", false},
		{"a broken glob", "us-docker.pkg.dev/p/r/app", "[.pkg.dev", false},
		{"other case", "us-docker.pkg.dev/p/r/app", "US-docker.pkg.dev", false},

		{"a path", "gcr.io/p/app", "gcr.io/p", true},
		{"a path and a slash", "gcr.io/p/app", "gcr.io/p/", true},
		{"a path is a prefix of letters", "gcr.io/project/app", "gcr.io/pro", true},
		{"another path", "gcr.io/p/app", "gcr.io/q", false},
		{"no glob in a path", "gcr.io/p/app", "gcr.io/*", false},
		{"the whole path", "gcr.io/p/app:1", "https://gcr.io/p/app", true},
		{"no tag in a key", "gcr.io/p/app:1", "gcr.io/p/app:1", false},

		{"the same port", "reg.example.com:5000/app", "reg.example.com:5000", true},
		{"another port", "reg.example.com:5000/app", "reg.example.com:5001", false},
		{"no port", "reg.example.com:5000/app", "reg.example.com", false},
		{"a port too many", "reg.example.com/app", "reg.example.com:443", false},
		{"no glob in a port", "reg.example.com:5000/app", "reg.example.com:*", false},
		{"a user", "reg.example.com/app", "https://user@reg.example.com", true},
		{"a query", "reg.example.com/app", "reg.example.com?x=y", true},
		{"IPv6", "[2001:db8::1]:5000/app", "[2001:db8::1]:5000", true},
		{"nothing", "nginx", "", false},
		{"a scheme alone", "nginx", "https://", false},
		{"white space", "nginx", "docker.io ", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r, err := Parse(tc.ref)
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Match(tc.key); got != tc.want {
				t.Errorf("%s with key %q: %v, want %v", tc.ref, tc.key, got, tc.want)
			}
		})
	}
	if (Reference{}).Match("index.docker.io") {
		t.Error("no reference matches a key")
	}
}
