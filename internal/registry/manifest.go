package registry

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// manifest is what matters here of an image's manifest or index.
type manifest struct {
	mediaType types.MediaType
	schema1   bool
	platforms []string
	// config tells the platform of an image that is no index.
	config *v1.Descriptor
}

// parseManifest reads a manifest of any form. The error says what keeps its platforms from being told.
func parseManifest(mediaType types.MediaType, body []byte) (manifest, error) {
	var raw struct {
		SchemaVersion int             `json:"schemaVersion"`
		MediaType     types.MediaType `json:"mediaType"`
		Manifests     []v1.Descriptor `json:"manifests"`
		Config        *v1.Descriptor  `json:"config"`
	}
	if err := json.Unmarshal(body, &raw); err != nil || raw.SchemaVersion < 1 || raw.SchemaVersion > 2 {
		return manifest{}, noManifest(mediaType)
	}
	m := manifest{mediaType: mediaType}
	if !isManifest(mediaType) {
		m.mediaType = raw.MediaType
	}
	switch {
	case raw.SchemaVersion == 1 || m.mediaType.IsSchema1():
		m.schema1 = true
		return m, words("a schema 1 manifest does not tell")
	case raw.Manifests != nil:
		m.mediaType = types.MediaType(orElse(string(m.mediaType), string(types.OCIImageIndex)))
		var err error
		m.platforms, err = platformsOf(raw.Manifests)
		return m, err
	case raw.Config == nil:
		return manifest{}, noManifest(mediaType)
	case !raw.Config.MediaType.IsConfig():
		return m, words(fmt.Sprintf("it is no container image: its config is %q", raw.Config.MediaType))
	}
	m.mediaType = types.MediaType(orElse(string(m.mediaType), string(types.OCIManifestSchema1)))
	m.config = raw.Config
	return m, nil
}

func noManifest(mediaType types.MediaType) error {
	return invalid(fmt.Sprintf("200, but no manifest: %q", mediaType))
}

func isManifest(t types.MediaType) bool { return t.IsIndex() || t.IsImage() || t.IsSchema1() }

// mediaTypeOf is an answer's media type without its parameters.
func mediaTypeOf(h http.Header) types.MediaType {
	t, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		return types.MediaType(strings.TrimSpace(h.Get("Content-Type")))
	}
	return types.MediaType(t)
}

// platformsOf lists the platforms of an index. One that names only some of them tells none: who looks for a platform must not take
// silence for absence.
func platformsOf(entries []v1.Descriptor) ([]string, error) {
	var out []string
	for _, e := range entries {
		// Attestations of a build stand in the index as unknown/unknown (BuildKit documentation, "Image attestation storage").
		if e.Platform != nil && e.Platform.OS == "unknown" && e.Platform.Architecture == "unknown" {
			continue
		}
		p := platform(e.Platform)
		if p == "" {
			return nil, words("an entry of the index names no platform")
		}
		out = append(out, p)
	}
	if len(out) == 0 {
		return nil, words("the index names no platform")
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// platform writes a platform as containerd compares it: known spellings made one, and the variants that every machine of an architecture
// has left out (containerd, package platforms).
func platform(p *v1.Platform) string {
	if p == nil || p.OS == "" || p.Architecture == "" {
		return ""
	}
	arch, variant := strings.ToLower(p.Architecture), strings.ToLower(p.Variant)
	switch arch {
	case "x86_64", "x86-64":
		arch = "amd64"
	case "aarch64":
		arch = "arm64"
	}
	switch {
	case arch == "arm64" && (variant == "8" || variant == "v8"), arch == "amd64" && variant == "v1":
		variant = ""
	}
	out := strings.ToLower(p.OS) + "/" + arch
	if variant != "" {
		out += "/" + variant
	}
	return out
}

// platformOf reads the platform from an image's config.
func platformOf(config []byte) ([]string, error) {
	var p v1.Platform
	if err := json.Unmarshal(config, &p); err != nil {
		return nil, words("the image's config is no JSON")
	}
	if s := platform(&p); s != "" {
		return []string{s}, nil
	}
	return nil, words("the image's config names no platform")
}

// verify holds content against its digest.
func verify(digest string, body []byte) error {
	algorithm, want, _ := strings.Cut(digest, ":")
	var got string
	switch algorithm {
	case "sha256":
		sum := sha256.Sum256(body)
		got = hex.EncodeToString(sum[:])
	case "sha512":
		sum := sha512.Sum512(body)
		got = hex.EncodeToString(sum[:])
	default:
		return words("a digest of unknown kind: " + algorithm)
	}
	if got != want {
		return mismatch
	}
	return nil
}

// mismatch is content that a node would throw away.
const mismatch = invalid("what is served is not what the digest says")
