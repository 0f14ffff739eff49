package image

import (
	"path"
	"strings"
)

// dockerHubKey is the key that the kubelet falls back to for images of the default registry.
const dockerHubKey = "index.docker.io"

// Match reports whether the kubelet uses the credentials under a registry key of a pull secret for this image (k8s.io/kubernetes,
// pkg/credentialprovider/keyring.go): without its scheme and a leading /v1/ or /v2/, the key has the image's port, as many labels, each a glob for its own,
// and a path that the image's begins with. index.docker.io also stands for every image of the default registry; other names of Docker Hub do not.
func (r Reference) Match(key string) bool {
	host, dir, ok := splitKey(key)
	if !ok || r.Host == "" {
		return false
	}
	if host == dockerHubKey && dir == "" && r.defaultRegistry() {
		return true
	}
	keyName, keyPort := splitPort(host)
	name, port := splitPort(r.Host)
	if keyPort != port || !strings.HasPrefix("/"+r.Path, dir) {
		return false
	}
	globs, labels := strings.Split(keyName, "."), strings.Split(name, ".")
	if len(globs) != len(labels) {
		return false
	}
	for i, glob := range globs {
		if is, err := path.Match(glob, labels[i]); err != nil || !is {
			return false
		}
	}
	return true
}

// defaultRegistry is the kubelet's isDefaultRegistryMatch: a host without a dot or a port counts too.
func (r Reference) defaultRegistry() bool {
	return r.Host == "docker.io" || r.Host == dockerHubKey || !strings.ContainsAny(r.Host, ".:")
}

// splitKey takes a registry key apart as the kubelet does, by way of a URL.
func splitKey(key string) (host, dir string, ok bool) {
	rest, secure := strings.CutPrefix(key, "https://")
	if !secure {
		rest = strings.TrimPrefix(key, "http://")
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		rest = rest[:i]
	}
	host, dir = rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		host, dir = rest[:i], rest[i:]
	}
	if i := strings.LastIndexByte(host, '@'); i >= 0 {
		host = host[i+1:] // a user in front is no part of it
	}
	if strings.HasPrefix(dir, "/v1/") || strings.HasPrefix(dir, "/v2/") {
		dir = dir[3:]
	}
	if dir == "/" {
		dir = ""
	}
	return host, dir, host != "" && !strings.ContainsAny(host, " \t<>\"\\^`{|}") && portIsNumber(host)
}

// splitPort parts a host from its port; an IPv6 address keeps to itself.
func splitPort(host string) (name, port string) {
	i := strings.LastIndexByte(host, ':')
	if i < 0 || i < strings.LastIndexByte(host, ']') {
		return host, ""
	}
	return strings.Trim(host[:i], "[]"), host[i+1:]
}

func portIsNumber(host string) bool {
	_, port := splitPort(host)
	return strings.Trim(port, "0123456789") == ""
}
