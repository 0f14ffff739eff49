package registry

import (
	"crypto/sha512"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

func TestParseManifest(t *testing.T) {
	config := `"config":{"mediaType":"` + ociConfig + `","digest":"` + digestOf("c") + `","size":1}`
	attestation := `{"digest":"` + digestOf("a") + `","size":1,"platform":{"os":"unknown","architecture":"unknown"}}`
	entry := func(os, arch, variant string) string {
		return `{"digest":"` + digestOf(os+arch) + `","size":1,"platform":{"os":"` + os + `","architecture":"` + arch + `","variant":"` + variant + `"}}`
	}
	for _, tc := range []struct {
		name, mediaType, body string
		want                  types.MediaType
		platforms             []string
		schema1, config       bool
		err                   string
	}{
		{"index", ociIndex, indexOf("linux/arm64", "linux/amd64", "windows/amd64"), ociIndex, []string{"linux/amd64", "linux/arm64", "windows/amd64"}, false, false, ""},
		{"index with attestations", ociIndex, `{"schemaVersion":2,"manifests":[` + entry("linux", "amd64", "") + `,` + attestation + `]}`, ociIndex, []string{"linux/amd64"}, false, false, ""},
		{"index of attestations", ociIndex, `{"schemaVersion":2,"manifests":[` + attestation + `]}`, ociIndex, nil, false, false, "the index names no platform"},
		{"empty index", ociIndex, `{"schemaVersion":2,"manifests":[]}`, ociIndex, nil, false, false, "the index names no platform"},
		{"index with an entry that names none", ociIndex, `{"schemaVersion":2,"manifests":[` + entry("linux", "amd64", "") + `,{"digest":"` + digestOf("x") + `","size":1}]}`, ociIndex, nil, false, false, "an entry of the index names no platform"},
		{"variants", ociIndex, `{"schemaVersion":2,"manifests":[` + entry("linux", "arm64", "v8") + `,` + entry("Linux", "aarch64", "") + `,` + entry("linux", "arm", "v6") + `,` + entry("linux", "x86_64", "v1") + `]}`, ociIndex, []string{"linux/amd64", "linux/arm/v6", "linux/arm64"}, false, false, ""},
		{"image", ociManifest, `{"schemaVersion":2,` + config + `,"layers":[]}`, ociManifest, nil, false, true, ""},
		{"image of no known media type", "application/json", `{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",` + config + `}`, types.DockerManifestSchema2, nil, false, true, ""},
		{"index that names no media type", "application/json", indexOf("linux/amd64"), ociIndex, []string{"linux/amd64"}, false, false, ""},
		{"chart", ociManifest, `{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"` + digestOf("c") + `","size":1}}`, ociManifest, nil, false, false, `it is no container image: its config is "application/vnd.cncf.helm.config.v1+json"`},
		{"schema 1", schema1, `{"schemaVersion":1,"name":"old","tag":"1","architecture":"amd64","fsLayers":[]}`, schema1, nil, true, false, "a schema 1 manifest does not tell"},
		{"schema 1 under another name", "application/json", `{"schemaVersion":1,"fsLayers":[]}`, "", nil, true, false, "a schema 1 manifest does not tell"},
		{"no JSON", "text/html", "<html>", "", nil, false, false, `200, but no manifest: "text/html"`},
		{"other JSON", "application/json", `{"status":"ok"}`, "", nil, false, false, `200, but no manifest: "application/json"`},
		{"JSON of another shape", ociIndex, `{"schemaVersion":2,"manifests":{}}`, "", nil, false, false, `200, but no manifest: "` + ociIndex + `"`},
		{"neither index nor image", ociIndex, `{"schemaVersion":2}`, "", nil, false, false, `200, but no manifest: "` + ociIndex + `"`},
		{"a version to come", ociIndex, `{"schemaVersion":3}`, "", nil, false, false, `200, but no manifest: "` + ociIndex + `"`},
	} {
		m, err := parseManifest(types.MediaType(tc.mediaType), []byte(tc.body))
		if m.mediaType != tc.want || !slices.Equal(m.platforms, tc.platforms) || m.schema1 != tc.schema1 || (m.config != nil) != tc.config {
			t.Errorf("%s: got %+v", tc.name, m)
		}
		if (err == nil) != (tc.err == "") || err != nil && err.Error() != tc.err {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.err)
		}
	}
}

func TestPlatformOfConfig(t *testing.T) {
	for config, want := range map[string]string{
		`{"os":"linux","architecture":"arm64","variant":"v8"}`:                  "linux/arm64",
		`{"os":"windows","architecture":"amd64","os.version":"10.0.20348.587"}`: "windows/amd64",
		`{"architecture":"amd64"}`:                                              "",
		`no JSON`:                                                               "",
	} {
		got, err := platformOf([]byte(config))
		if strings.Join(got, ",") != want || (err == nil) != (want != "") {
			t.Errorf("%s: %v, %v", config, got, err)
		}
	}
	if platform(&v1.Platform{OS: "linux"}) != "" || platform(nil) != "" {
		t.Error("half a platform is none")
	}
}

func TestVerify(t *testing.T) {
	for digest, want := range map[string]string{
		digestOf("body"): "", digestOf("other"): mismatch.Error(), "sha512:00": mismatch.Error(), "md5:00": "a digest of unknown kind: md5", "": "a digest of unknown kind: ",
		"sha512:" + fmt.Sprintf("%x", sha512.Sum512([]byte("body"))): "",
	} {
		if err := verify(digest, []byte("body")); (err == nil) != (want == "") || err != nil && err.Error() != want {
			t.Errorf("%s: %v", digest, err)
		}
	}
}

func TestSchema1(t *testing.T) {
	body := `{"schemaVersion":1,"name":"old","tag":"1","architecture":"amd64","fsLayers":[],"history":[]}`
	for _, mediaType := range []string{schema1, "application/vnd.docker.distribution.manifest.v1+json", "application/json"} {
		v := &visits{}
		host := serve(t, watched(v, func(w http.ResponseWriter, _ *http.Request) { content(w, mediaType, body) }))
		c, _ := asker(Options{}, nil)
		for range 2 {
			if a := of(t, c, host+"/old:1"); a.Served != Yes || !a.Schema1 || len(a.Platforms) != 0 || a.Untold != "a schema 1 manifest does not tell" {
				t.Errorf("%s: %+v", mediaType, a)
			}
		}
		if n := len(v.all()); n != 2 {
			t.Errorf("%s: %d requests, want HEAD and GET once", mediaType, n)
		}
	}
}

// Content that is not what its digest says is thrown away by nodes: the answer does not count it as served.
func TestContentOfAnotherDigest(t *testing.T) {
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := indexOf("linux/amd64")
		content(w, ociIndex, body)
		if r.Method == http.MethodGet {
			_, _ = w.Write([]byte(" "))
		}
	}))
	c, _ := asker(Options{}, nil)
	for _, ref := range []string{host + "/app:1", host + "/app@" + digestOf("asked for")} {
		if a := of(t, c, ref); a.Served != Unknown || a.Why != mismatch.Error() || len(a.Platforms) != 0 {
			t.Errorf("%s: %+v", ref, a)
		}
	}
}

// Registries need not name the digest of a tag.
func TestNoDigestHeader(t *testing.T) {
	body := indexOf("linux/amd64")
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", ociIndex)
		_, _ = w.Write([]byte(body))
	}))
	c, _ := asker(Options{}, nil)
	if a := of(t, c, host+"/app:1"); a.Served != Yes || a.Digest != digestOf(body) || len(a.Platforms) != 1 {
		t.Errorf("got %+v", a)
	}
}

// An image whose config is gone is still served; which platform it is for is not told.
func TestConfigGone(t *testing.T) {
	body := `{"schemaVersion":2,"config":{"mediaType":"` + ociConfig + `","digest":"` + digestOf("c") + `","size":1},"layers":[]}`
	host := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/blobs/") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		content(w, ociManifest, body)
	}))
	c, _ := asker(Options{}, nil)
	if a := of(t, c, host+"/app:1"); a.Served != Yes || a.Untold != "blob: 404" {
		t.Errorf("got %+v", a)
	}
}
