package recipes

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var built string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "gkepreflight-recipes-")
	if err == nil {
		built = filepath.Join(folder, "gkepreflight")
		var out []byte
		if out, err = exec.Command("go", "build", "-o", built, "../cmd/gkepreflight").CombinedOutput(); err != nil {
			err = fmt.Errorf("%w\n%s", err, out)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// shell runs lines as a job does, in a folder that holds plan.json.
func shell(t *testing.T, folder string, env []string, lines ...string) (int, string) {
	t.Helper()
	for _, needed := range []string{"sh", "wget", "tar", "sha256sum", "awk"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("there is no %s on the PATH", needed)
		}
	}
	cmd := exec.Command("sh", "-e", "-c", strings.Join(lines, "\n"))
	cmd.Dir, cmd.Env = folder, append(os.Environ(), env...)
	out, _ := cmd.CombinedOutput()
	return cmd.ProcessState.ExitCode(), string(out)
}

// workspace is a folder with a plan in it and the configuration behind it.
func workspace(t *testing.T, plan string) string {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"plan.json", "main.tf"} {
		text := read(t, filepath.Join("..", "internal", "testdata", "plans", plan, name))
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

const (
	broken = "03-nat-secondary-of-other"
	fine   = "01-nat-all-ranges"
)

var onPath = func() string { return "PATH=" + filepath.Dir(built) + string(os.PathListSeparator) + os.Getenv("PATH") }

// archived is the command as a release packs it.
func archived(t *testing.T) []byte {
	t.Helper()
	var archive bytes.Buffer
	zipped := gzip.NewWriter(&archive)
	packed := tar.NewWriter(zipped)
	for name, text := range map[string][]byte{"LICENSE": []byte("licence"), "gkepreflight": read(t, built)} {
		if err := packed.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := packed.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(packed.Close(), zipped.Close()); err != nil {
		t.Fatal(err)
	}
	return archive.Bytes()
}

// release serves an archive for linux and the list of checksums, as GitHub does, and gives the address. What the list says of the archive is the truth
// where sum is empty.
func release(t *testing.T, version, arch, sum string) string {
	t.Helper()
	archive := archived(t)
	file := "gkepreflight_" + version + "_linux_" + arch + ".tar.gz"
	if sum == "" {
		sum = fmt.Sprintf("%x", sha256.Sum256(archive))
	}
	served := map[string][]byte{
		"/v" + version + "/" + file: archive,
		"/v" + version + "/terraform-provider-gkepreflight_" + version + "_SHA256SUMS": fmt.Appendf(nil, "%064d  other_%s\n%s  %s\n", 0, file, sum, file),
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if text, found := served[req.URL.Path]; found {
			_, _ = w.Write(text)
			return
		}
		http.NotFound(w, req)
	}))
	t.Cleanup(server.Close)
	return server.URL
}
