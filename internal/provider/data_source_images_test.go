package provider

import (
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
)

// loopback is a registry that a provider's process can be told to trust by its environment: "here" is an index for linux/amd64, "closed" wants
// credentials, "slow" never answers, and nothing else is there.
func loopback(t *testing.T) (host, trust string, asked *atomic.Int32) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SSL_CERT_FILE is read on Linux")
	}
	asked = new(atomic.Int32)
	const index = "application/vnd.oci.image.index.v1+json"
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch {
		case strings.HasPrefix(r.URL.Path, "/v2/here/"):
			w.Header().Set("Content-Type", index)
			_, _ = io.WriteString(w, `{"schemaVersion":2,"mediaType":"`+index+`","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":2,"digest":"sha256:`+
				strings.Repeat("a", 64)+`","platform":{"os":"linux","architecture":"amd64"}}]}`)
		case strings.HasPrefix(r.URL.Path, "/v2/closed/"):
			w.WriteHeader(http.StatusForbidden)
		case strings.HasPrefix(r.URL.Path, "/v2/slow/"):
			<-r.Context().Done()
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	root := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(root, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return s.Listener.Addr().String(), "SSL_CERT_FILE=" + root, asked
}

// shown puts what was computed into one line.
const shown = `
locals {
  it      = data.gkepreflight_images.it
  answers = [for a in local.it.answers : join("|", concat([a.exists == null ? "null" : tostring(a.exists), a.via == null ? "null" : a.via], a.platforms == null ? [] : a.platforms))]
}
output "it" {
  value = "passed=${local.it.passed} verdict=${local.it.verdict} answers=${join(",", local.answers)}; results=${join(",", [for r in local.it.results : "${r.check}/${r.status}"])}"
}
`

// asking is a configuration with one data source; HOST in it is the registry.
func asking(host, arguments string) string {
	return strings.ReplaceAll(required+"data \"gkepreflight_images\" \"it\" {\n"+arguments+"\n}\n"+shown, "HOST", host)
}

// TestImages: what registries say in a plan of the real terraform.
func TestImages(t *testing.T) {
	t.Parallel()
	const private = "\n  allow_private_registries = true"
	for _, test := range []struct {
		name, arguments, env string
		exit                 int
		said                 []string
	}{
		{"there", `images = ["HOST/here:1"]` + private, "", 0, []string{"passed=true verdict=pass answers=true|private|linux/amd64; results=image-exists/pass", "!Warning: gkepreflight_images"}},
		{"gone", `images = ["HOST/here:1", "HOST/gone:1"]` + private, "", 1, []string{"Error: image-exists: HOST/gone:1 does not exist", `"HOST/gone:1"`, enforcementVariable + "=warn", "!here:1 does not"}},
		{"gone, in the order of the argument", `images = ["HOST/gone:1", "HOST/here:1"]` + private + "\n  fail_on = \"never\"", "", 0,
			[]string{"Warning: image-exists: HOST/gone:1 does not exist", "passed=true verdict=fail answers=false|private,true|private|linux/amd64; results=image-exists/fail,image-exists/pass"}},
		{"gone, under warn", `images = ["HOST/gone:1"]` + private, enforcementVariable + "=warn", 0, []string{"Warning: image-exists", "passed=false"}},
		{"gone, under off", `images = ["HOST/gone:1"]` + private, enforcementVariable + "=off", 0, []string{"!Warning: image-exists", "passed=true verdict=skip answers=; results="}},
		{"for another platform", `images = ["HOST/here:1"]` + private + "\n  platforms = [\"linux/amd64\", \"linux/arm64\"]", "", 1, []string{"HOST/here:1 is not built for linux/arm64"}},
		{"closed", `images = ["HOST/closed:1"]` + private, "", 0, []string{"1 of 1 answers are missing", "403", "passed=true verdict=unknown answers=null|private"}},
		{"closed, and strict", `images = ["HOST/closed:1"]` + private + "\n  strict = true", "", 1, []string{"Error: image-exists: whether HOST/closed:1 exists is not known"}},
		{"too slow", `images = ["HOST/slow:1"]` + private + "\n  timeout = \"1s\"", "", 0, []string{"timeout", "answers=null"}},
		{"a private address", `images = ["HOST/here:1"]`, "", 0, []string{"refused: loopback address 127.0.0.1", "answers=null"}},
		{"no reference", `images = ["Nginx"]`, "", 1, []string{"Error: image-reference", "cannot be pulled"}},
		{"no images", `images = []`, "", 0, []string{"verdict=pass answers=;"}},
		{"no platform", "images = []\n  platforms = [\"amd64\"]", "", 1, []string{"Error: not a platform"}},
		{"no duration", "images = []\n  timeout = \"soon\"", "", 1, []string{"Error: not a duration"}},
		{"null", `images = [null]`, "", 1, []string{"Error: not an image reference"}},
		{"no such way", "images = []\n  mirror = \"maybe\"", "", 1, []string{"deny, warn, allow"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			host, trust, _ := loopback(t)
			args := []string{trust, "plan"}
			if test.env != "" {
				args = append([]string{test.env}, args...)
			}
			for i := range test.said {
				test.said[i] = strings.ReplaceAll(test.said[i], "HOST", host)
			}
			newFolder(t, "main.tf", asking(host, test.arguments)).run(args...).want(t, test.exit, test.said...)
		})
	}
}

// TestImagesAreSharedInAProcess: many data sources ask once for an image, and applying leaves nothing to change.
func TestImagesAreSharedInAProcess(t *testing.T) {
	t.Parallel()
	host, trust, asked := loopback(t)
	f := newFolder(t, "main.tf", required+fmt.Sprintf("data \"gkepreflight_images\" \"it\" {\n  count = 20\n  images = [%q]\n  allow_private_registries = true\n}\n", host+"/here:1"))
	f.run(trust, "plan").want(t, 0)
	once := asked.Load()
	if once == 0 || once > 4 {
		t.Errorf("%d requests for one image", once)
	}
	f.run(trust, "apply", "-auto-approve").want(t, 0)
	f.run(trust, "plan", "-detailed-exitcode").want(t, 0)
	f.run(trust, "destroy", "-auto-approve").want(t, 0)
}
