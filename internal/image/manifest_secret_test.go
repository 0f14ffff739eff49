package image

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// hunter is what no result and no error may hold, in the clear, in base64 or as a part of credentials.
const hunter = "hunter2hunter2hunter2"

func pullSecret(typ, data string) string {
	return head("v1", "Secret") + "type: " + typ + "\n" + data + "\n"
}

// Of a pull secret the registries are known, and why it cannot be used.
func TestSecrets(t *testing.T) {
	const config, old = "kubernetes.io/dockerconfigjson", "kubernetes.io/dockercfg"
	auths := fmt.Sprintf(`{"auths":{"https://index.docker.io/v1/":{"auth":%q},"gcr.io":{"username":"_json_key","password":%q}}}`, b64("user:"+hunter), hunter)
	plain := func(key, v string) string { return "stringData:\n  " + key + ": '" + v + "'" }
	data := func(key, v string) string { return "data:\n  " + key + ": " + b64(v) }
	keys := []string{"gcr.io", "https://index.docker.io/v1/"}
	for _, tc := range []struct {
		name, text, complaint string
		keys                  []string
	}{
		{"data", pullSecret(config, data(".dockerconfigjson", auths)), "", keys},
		{"string data", pullSecret(config, plain(".dockerconfigjson", auths)), "", keys},
		{"string data wins", pullSecret(config, data(".dockerconfigjson", "{}")+"\n"+plain(".dockerconfigjson", auths)), "", keys},
		{"data over lines", pullSecret(config, "data:\n  .dockerconfigjson: |\n    "+b64(auths)[:40]+"\n    "+b64(auths)[40:]), "", keys},
		{"the old form", pullSecret(old, data(".dockercfg", `{"quay.io":{"auth":"`+b64("u:"+hunter)+`"}}`)), "", []string{"quay.io"}},
		{"unpadded auth", pullSecret(config, plain(".dockerconfigjson", `{"auths":{"quay.io":{"auth":"`+strings.TrimRight(b64("u:"+hunter), "=")+`"}}}`)), "", []string{"quay.io"}},
		{"empty entry", pullSecret(config, plain(".dockerconfigjson", `{"auths":{"quay.io":{}}}`)), "", []string{"quay.io"}},

		{"the old form under the new type", pullSecret(config, data(".dockercfg", `{"quay.io":{}}`)), "it has no key .dockerconfigjson: it is under .dockercfg", nil},
		{"a key without its dot", pullSecret(config, data("dockerconfigjson", auths)), "it has no key .dockerconfigjson: it is under dockerconfigjson", nil},
		{"a key of one's own", pullSecret(config, data(hunter, auths)), "it has no key .dockerconfigjson", nil},
		{"no data", pullSecret(config, ""), "it has no key .dockerconfigjson", nil},
		{"empty data", pullSecret(config, "data: {.dockerconfigjson: ''}"), ".dockerconfigjson is empty", nil},
		{"data that is a number", pullSecret(config, "data: {.dockerconfigjson: 5}"), ".dockerconfigjson is no string", nil},
		{"data in the clear", pullSecret(config, "data:\n  .dockerconfigjson: '"+auths+"'"), ".dockerconfigjson under data is not base64", nil},
		{"no JSON", pullSecret(config, data(".dockerconfigjson", hunter)), "is not the JSON of a docker configuration", nil},
		{"JSON cut off", pullSecret(config, data(".dockerconfigjson", auths[:len(auths)-3])), "is not the JSON", nil},
		{"encoded twice", pullSecret(config, data(".dockerconfigjson", b64(auths))), "is not the JSON", nil},
		{"the old form in the new", pullSecret(config, data(".dockerconfigjson", `{"quay.io":{}}`)), "it names no registry", nil},
		{"helpers", pullSecret(config, data(".dockerconfigjson", `{"credHelpers":{"gcr.io":"gcloud"},"credsStore":"desktop"}`)), "credHelpers and credsStore mean nothing", nil},
		{"auth that is not base64", pullSecret(config, data(".dockerconfigjson", `{"auths":{"quay.io":{"auth":"u:`+hunter+`"}}}`)), "cannot be decoded", []string{"quay.io"}},
		{"auth without a colon", pullSecret(config, data(".dockerconfigjson", `{"auths":{"quay.io":{"auth":"`+b64(hunter)+`"}}}`)), "cannot be decoded", []string{"quay.io"}},
		{"a password that is a number", pullSecret(config, data(".dockerconfigjson", `{"auths":{"quay.io":{"password":5}}}`)), "cannot be decoded", []string{"quay.io"}},
		{"another type", pullSecret("Opaque", data(".dockerconfigjson", auths)), "its type is Opaque: the kubelet pulls only with", nil},
		{"no type", head("v1", "Secret") + data(".dockerconfigjson", auths) + "\n", "its type is Opaque", nil},
		{"a certificate", pullSecret("kubernetes.io/tls", data("tls.key", hunter)), "its type is kubernetes.io/tls", nil},

		{"encrypted", pullSecret(config, "data:\n  .dockerconfigjson: ENC[AES256_GCM,data:x]"), "", nil},
		{"a variable", pullSecret(config, "data:\n  .dockerconfigjson: ${CONFIG}"), "", nil},
		{"a placeholder", pullSecret(config, "data:\n  .dockerconfigjson: <fill in>"), "", nil},
		{"a template", pullSecret(config, "data:\n  .dockerconfigjson: '{{ .Values.config }}'"), "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := read(t, tc.text)
			if len(m.Secrets) != 1 {
				t.Fatalf("%+v", m)
			}
			s := m.Secrets[0]
			if !strings.Contains(s.Complaint, tc.complaint) || (s.Complaint == "") != (tc.complaint == "") {
				t.Errorf("complaint %q, want %q", s.Complaint, tc.complaint)
			}
			if diff := cmp.Diff(tc.keys, s.Keys); diff != "" {
				t.Error(diff)
			}
			if s.Name != "n" || s.Line != 1 || s.File != "app.yaml" {
				t.Errorf("%+v", s)
			}
			leaks(t, fmt.Sprintf("%+v", m))
		})
	}
}

// leaks looks for the password, and for any part of it that is encoded.
func leaks(t *testing.T, said string) {
	t.Helper()
	for _, s := range []string{hunter, b64(hunter)[:24], b64("u:" + hunter)[:24], b64("user:" + hunter)[:24]} {
		if strings.Contains(said, s) {
			t.Errorf("%q gives the password away", said)
		}
	}
}

// Errors quote nothing of a document.
func TestErrorsKeepSecrets(t *testing.T) {
	for name, text := range map[string]string{
		"broken YAML":      pullSecret("Opaque", "stringData:\n  a: "+hunter+": "+hunter),
		"no quotes":        pullSecret("Opaque", "stringData:\n  a: @"+hunter),
		"an alias":         pullSecret("Opaque", "stringData:\n  a: *"+hunter),
		"a tag":            pullSecret("Opaque", "stringData:\n  a: !"+hunter+"!x y"),
		"a directive":      "%TAG ! " + hunter + " x\n---\na: b\n",
		"an escape":        pullSecret("Opaque", "stringData:\n  a: \"\\z"+hunter+"\""),
		"a duplicate key":  pullSecret("Opaque", "stringData:\n  "+hunter+": a\n  "+hunter+": b"),
		"a key of a key":   pullSecret("Opaque", "stringData:\n  ? {"+hunter+": a}\n  : b"),
		"broken JSON":      `{"kind":"Secret","stringData":{"a":"x" ` + hunter + `}}`,
		"a JSON escape":    `{"kind":"Secret","stringData":{"a":"\z` + hunter + `"}}`,
		"JSON cut off":     `{"kind":"Secret","stringData":{"a":"` + hunter,
		"binary":           pullSecret("Opaque", "stringData:\n  a: "+hunter+"\x00"),
		"Latin-1":          pullSecret("Opaque", "stringData:\n  a: "+hunter+"\xe9"),
		"a type of a list": "apiVersion: v1\nkind: Secret\nmetadata: {name: [" + hunter + "]}\n",
		"no object":        hunter + "\n",
		"a tagged binary":  "kind: Pod\nspec: {containers: !!binary " + hunter + "}\n",
	} {
		t.Run(name, func(t *testing.T) {
			m, err := ReadManifests(strings.NewReader(text), "app.yaml")
			if err == nil {
				t.Fatalf("%+v", m)
			}
			leaks(t, err.Error())
		})
	}
}
