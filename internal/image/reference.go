// Package image reads image references and says which hosts a pull of them needs.
package image

import (
	_ "crypto/sha256" // digests of references are checked against these
	_ "crypto/sha512"
	"fmt"
	"net/netip"
	"strings"

	"github.com/distribution/reference"
)

// Class says which way a pull from a host takes.
type Class uint8

// The classes.
const (
	// Internet hosts need a path to the public internet.
	Internet Class = iota
	// DockerHub is docker.io: nodes ask mirror.gcr.io first and then the internet.
	DockerHub
	// Google hosts answer over Private Google Access, the Google virtual addresses and endpoints.
	Google
	// Private hosts are inside somebody's network; whether they answer is not known here.
	Private
)

// Reference is a parsed image reference.
type Reference struct {
	Normalized string // docker.io/library/nginx:1.27
	Host       string
	Path       string
	Tag        string // "latest" where neither tag nor digest is written
	Digest     string
	Class      Class
}

// Parse reads a reference as containerd and the kubelet do. The error says what is wrong with it.
func Parse(ref string) (Reference, error) {
	if strings.TrimSpace(ref) != ref {
		return Reference{}, fmt.Errorf("it has leading or trailing white space")
	}
	if ref == "" {
		return Reference{}, fmt.Errorf("it is empty")
	}
	named, err := reference.ParseDockerRef(ref)
	if err != nil {
		return Reference{}, err
	}
	r := Reference{Normalized: named.String(), Host: reference.Domain(named), Path: reference.Path(named)}
	if t, ok := named.(reference.Tagged); ok {
		r.Tag = t.Tag()
	}
	if d, ok := named.(reference.Digested); ok {
		r.Digest = d.Digest().String()
	}
	r.Class = ClassOf(r.Host)
	return r, nil
}

// ClassOf sorts a registry host. registry.k8s.io is a redirector on a public address that Private Google Access does not reach, and
// k8s.gcr.io leads to it (registry.k8s.io documentation), so both are internet hosts.
func ClassOf(host string) Class {
	name := hostname(host)
	switch {
	// registry-1.docker.io serves the same images, but a reference that names it is not normalised to docker.io, and the mirror is
	// asked only for docker.io (hosts.toml of GKE's nodes).
	case name == "docker.io" || name == "index.docker.io":
		return DockerHub
	case name == "k8s.gcr.io":
		return Internet
	case name == "gcr.io" || strings.HasSuffix(name, ".gcr.io") || strings.HasSuffix(name, ".pkg.dev"):
		return Google
	case isPrivate(name):
		return Private
	}
	return Internet
}

// hostname is a registry host in lower case without its port; an IPv6 address keeps its brackets.
func hostname(host string) string {
	name := strings.ToLower(host)
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, ']') && i > 0 {
		name = name[:i]
	}
	return name
}

// shared is the carrier's address space, which is not public either (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// privateSuffixes are top-level domains that never resolve on the public internet (RFC 6761, RFC 6762, RFC 8375, ICANN on .internal).
var privateSuffixes = []string{".internal", ".local", ".localhost", ".home.arpa", ".lan", ".corp", ".intranet", ".test", ".invalid", ".example"}

func isPrivate(name string) bool {
	if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || shared.Contains(a)
	}
	if !strings.Contains(name, ".") {
		return true // localhost, or a name of the local search domain
	}
	for _, s := range privateSuffixes {
		if strings.HasSuffix(name, s) {
			return true
		}
	}
	return false
}

// Complaint says why a reference that parses still names nothing a registry could serve; empty when it is fine. An Artifact Registry path
// is PROJECT/REPOSITORY/IMAGE, and one without a repository is refused (Artifact Registry documentation, "Troubleshoot container images").
func (r Reference) Complaint() string {
	host := hostname(r.Host)
	docker := strings.HasSuffix(host, "-docker.pkg.dev")
	if docker && strings.Count(r.Path, "/") < 2 {
		return fmt.Sprintf("an Artifact Registry path is PROJECT/REPOSITORY/IMAGE, %q has %d of the three", r.Path, strings.Count(r.Path, "/")+1)
	}
	if !docker && (host == "pkg.dev" || strings.HasSuffix(host, ".pkg.dev")) {
		return fmt.Sprintf("host %q is no Docker registry: Artifact Registry serves images at LOCATION-docker.pkg.dev", r.Host)
	}
	return ""
}

// Through writes the reference under a repository that stands in for the image's registry: LOCATION-docker.pkg.dev/PROJECT/REPOSITORY.
func (r Reference) Through(repository string) string {
	return repository + strings.TrimPrefix(r.Normalized, r.Host)
}
