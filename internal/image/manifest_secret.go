package image

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
	corev1 "k8s.io/api/core/v1"
)

// secret reads of a Secret what the kubelet would find wrong with it as a pull secret, and which registries it names. What it holds is
// looked at here and nowhere else: it enters no result and no error.
func (d *document) secret(o *yaml.Node) (Secret, error) {
	s := Secret{File: d.file, Line: d.lineOf(o), Type: text(dig(o, "type"))}
	var err error
	if s.Namespace, s.Name, err = d.named(o); err != nil {
		return s, err
	}
	if s.Type == "" {
		s.Type = string(corev1.SecretTypeOpaque)
	}
	var key string
	switch corev1.SecretType(s.Type) {
	case corev1.SecretTypeDockerConfigJson:
		key = corev1.DockerConfigJsonKey
	case corev1.SecretTypeDockercfg:
		key = corev1.DockerConfigKey
	default:
		s.Complaint = fmt.Sprintf("its type is %s: the kubelet pulls only with %s and %s", s.Type, corev1.SecretTypeDockerConfigJson, corev1.SecretTypeDockercfg)
		return s, nil
	}
	content, complaint := held(o, key)
	if complaint != "" || content == "" {
		s.Complaint = complaint
		return s, nil
	}
	s.Keys, s.Complaint = registryKeys([]byte(content), key == corev1.DockerConfigJsonKey)
	return s, nil
}

// held is what a Secret holds under a key; empty without a complaint where it is filled in later.
func held(o *yaml.Node, key string) (content, complaint string) {
	plain, encoded := dig(o, "stringData", key), dig(o, "data", key)
	n := plain
	if isNull(n) {
		n = encoded
	}
	switch {
	case isNull(n):
		return "", "it has no key " + key + otherKey(o)
	case !isText(n):
		return "", key + " is no string"
	case later(n.Value):
		return "", ""
	case n.Value == "":
		return "", key + " is empty"
	case n == plain:
		return n.Value, ""
	}
	// Line breaks within are allowed, as YAML's block scalars leave them.
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(n.Value))
	if err != nil {
		return "", key + " under data is not base64"
	}
	if len(raw) == 0 {
		return "", key + " is empty"
	}
	return string(raw), ""
}

// otherKey helps with the names that are written most often by mistake.
func otherKey(o *yaml.Node) string {
	for _, wrong := range []string{".dockercfg", ".dockerconfigjson", "dockerconfigjson", ".dockerconfig", "config.json", ".docker/config.json", "dockercfg"} {
		if !isNull(dig(o, "data", wrong)) || !isNull(dig(o, "stringData", wrong)) {
			return ": it is under " + wrong
		}
	}
	return ""
}

// later reports whether a value is a placeholder for one that is filled in before it is applied: encrypted by sops, a variable, a template.
func later(value string) bool {
	for _, begin := range []string{"ENC[", "$", "{{", "<"} {
		if strings.HasPrefix(strings.TrimSpace(value), begin) {
			return true
		}
	}
	return false
}

// entry is what the kubelet reads of a registry's credentials. Only whether they can be read is asked.
type entry struct {
	Username, Password, Email json.RawMessage
	Auth                      json.RawMessage
}

// registryKeys are the names in a docker configuration, sorted.
func registryKeys(content []byte, nested bool) (keys []string, complaint string) {
	auths := map[string]entry{}
	var err error
	if nested {
		var config struct{ Auths map[string]entry }
		err = json.Unmarshal(content, &config)
		auths = config.Auths
	} else {
		err = json.Unmarshal(content, &auths)
	}
	if err != nil {
		return nil, "what it holds is not the JSON of a docker configuration"
	}
	for k, e := range auths {
		if !e.usable() {
			complaint = "the credentials of a registry in it cannot be decoded: expected auth to be base64 of user:password"
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, "it names no registry: expected auths with at least one (credHelpers and credsStore mean nothing to the kubelet)"
	}
	slices.Sort(keys)
	return keys, complaint
}

// usable follows the kubelet, for which one entry that cannot be decoded fails the pull (pkg/credentialprovider/config.go).
func (e entry) usable() bool {
	for _, raw := range []json.RawMessage{e.Username, e.Password, e.Email, e.Auth} {
		var s string
		if raw != nil && json.Unmarshal(raw, &s) != nil {
			return false
		}
	}
	var auth string
	if e.Auth == nil || json.Unmarshal(e.Auth, &auth) != nil || auth == "" {
		return true
	}
	encoding := base64.RawStdEncoding
	if strings.HasSuffix(strings.TrimSpace(auth), "=") {
		encoding = base64.StdEncoding
	}
	decoded, err := encoding.DecodeString(auth)
	return err == nil && strings.Contains(string(decoded), ":")
}
