package house

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// reachesOut are commands that ask the registries of images, or never end; of those only flags and arguments are held.
var reachesOut = regexp.MustCompile(`--plan .*--live\b|gkepreflight serve\b`)

// project is what the commands that read live find: one cluster on one network, without workloads.
func project(t *testing.T) []string {
	t.Helper()
	const network, region = "main", "us-central1"
	server, err := fake.Start(fake.World{Projects: []fake.Project{{
		ID: "my-project", Number: 100200300400, Networks: []*computepb.Network{fake.VPC(network)}, Routes: []*computepb.Route{fake.DefaultRoute(network)},
		Subnetworks: []*computepb.Subnetwork{fake.WithGoogleAccess(fake.Subnet("gke", region, network, "10.0.0.0/20", fake.Range("pods", "10.4.0.0/16"), fake.Range("services", "10.8.0.0/20")))},
		Routers:     []fake.Router{fake.NAT("nat", region, network, fake.AllRanges("gke"))},
		Clusters:    []*containerpb.Cluster{fake.PrivateCluster("main", region, network, "gke", "pods", "services")},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.Environment("token")
}

// stubs stand for the programs that the documents run beside ours, and print what those print.
var stubs = map[string]string{
	"terraform": `case "$*" in *show*-json*) cat "$HERE/plan.json";; *) : ;; esac`,
	"kubectl":   `case "$*" in *describe*) cat "$HERE/describe.txt";; *) cat "$HERE/pods.json";; esac`,
	"helm":      `cat "$HERE/deploy/web.yaml"`,
	"conftest":  `cat "$2" > /dev/null`,
	"gcloud":    `:`,
	"docker":    `echo "the image is not run here" >&2; exit 99`,
}

// world is what the documents' commands find where they run, by the file it is a copy of.
var world = map[string]string{
	"plan.json":               "internal/testdata/plans/12-k8s-workloads/plan.json",
	"main.tf":                 "internal/testdata/plans/12-k8s-workloads/main.tf",
	"state.json":              "internal/testdata/states/shared-vpc.json",
	"network.json":            "internal/testdata/states/shared-vpc.json",
	"deploy/web.yaml":         "cmd/gkepreflight/testdata/manifests/web.yaml",
	"pods.json":               "internal/diagnose/testdata/cluster.json",
	"describe.txt":            "internal/diagnose/testdata/describe.txt",
	"../platform/policy.yaml": "examples/settings/policy.yaml",
}

// exports are those of Cloud Asset Inventory, compressed when they are written.
var exports = map[string]string{
	"assets.json.gz":    network,
	"resources.json.gz": network,
	"policies.json.gz": `{"name":"//cloudresourcemanager.googleapis.com/projects/demo-project","asset_type":"cloudresourcemanager.googleapis.com/Project",` +
		`"iam_policy":{"bindings":[{"role":"roles/viewer","members":["user:a@example.com"]}]},"ancestors":["projects/1"],"update_time":"2026-11-01T00:00:00Z"}`,
}

const network = `{"name":"//compute.googleapis.com/projects/demo-project/global/networks/other","asset_type":"compute.googleapis.com/Network","resource":{"version":"v1","data":` +
	`{"name":"other","selfLink":"https://www.googleapis.com/compute/v1/projects/demo-project/global/networks/other"}},"ancestors":["projects/1"],"update_time":"2026-11-01T00:00:00Z"}`

var (
	shellBlock = regexp.MustCompile("(?ms)^```(?:sh|shell|bash)\n(.*?)^```$")
	flagName   = regexp.MustCompile(`--[a-z-]+`)
)

// commands are the lines of the documents' shell blocks in which our command runs, by where they stand.
func commands(t *testing.T) []file {
	t.Helper()
	var out []file
	for _, f := range pages(t) {
		written := f.name == "README.md" || strings.HasPrefix(f.name, "templates/") || strings.HasPrefix(f.name, "examples/") && filepath.Ext(f.name) == ".md"
		if !written {
			continue
		}
		for _, m := range shellBlock.FindAllSubmatch(f.text, -1) {
			block := strings.ReplaceAll(string(m[1]), "\\\n", " ")
			for _, line := range strings.Split(block, "\n") {
				if strings.Contains(line, "gkepreflight ") && !strings.HasPrefix(line, "#") && !strings.Contains(line, "docker run") && !strings.Contains(line, "gcloud iam") {
					out = append(out, file{f.name, []byte(line)})
				}
			}
		}
	}
	if len(out) < 25 {
		t.Fatalf("only %d commands found", len(out))
	}
	return out
}

// built is the folder of the command, and of the stubs beside it; TestMain removes it.
var built string

var buildOnce = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "gkepreflight-house-")
	if err != nil {
		return "", err
	}
	built = folder
	if out, err := exec.Command("go", "build", "-o", filepath.Join(folder, "gkepreflight"), root+"/cmd/gkepreflight").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	for name, body := range stubs {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+body+"\n"), 0o700); err != nil {
			return "", err
		}
	}
	return folder, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// build builds the command, once for all tests, and gives its folder.
func build(t *testing.T) string {
	t.Helper()
	folder, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// furnish makes the folder that commands run in.
func furnish(t *testing.T) string {
	t.Helper()
	here := filepath.Join(t.TempDir(), "work")
	for name, source := range world {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(source)))
		if err != nil {
			t.Fatal(err)
		}
		name = filepath.Join(here, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, line := range exports {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(here, name), packed.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return here
}

// TestDocumentsCommandsRun runs every command that README, guides and examples show, beside stubs of terraform, kubectl and helm. None may fail to do its
// work; findings are what it shows.
func TestDocumentsCommandsRun(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash on the PATH")
	}
	folder := build(t)
	here := furnish(t)
	live, asked := project(t), 0
	for _, line := range commands(t) {
		text := string(line.text)
		if reachesOut.MatchString(text) {
			continue
		}
		env := append(os.Environ(), "HERE="+here, "SHOWFILE=plan.json", "HOME="+here, "fpath="+here, "PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"))
		if strings.Contains(text, "--live") {
			env = append(env, live...)
			asked++
		}
		cmd := exec.Command(bash, "-c", "mkdir -p ~/.config/fish/completions; set -o pipefail; "+text)
		cmd.Dir, cmd.Env = here, env
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		if status := cmd.ProcessState.ExitCode(); !slices.Contains([]int{0, 2, 3}, status) {
			t.Errorf("%s: %s: exit status %d\n%s%s", line.name, text, status, out, stderr.String())
		}
	}
	if asked == 0 {
		t.Error("no command reads live")
	}
}

// TestDocumentsFlagsExist holds those that reach out against what the command knows.
func TestDocumentsFlagsExist(t *testing.T) {
	folder := build(t)
	checked := 0
	for _, line := range commands(t) {
		for _, part := range regexp.MustCompile(`[|;&]+`).Split(string(line.text), -1) {
			words := strings.Fields(part)
			if len(words) < 2 || words[0] != "gkepreflight" {
				continue
			}
			help, err := exec.Command(filepath.Join(folder, "gkepreflight"), words[1], "--help").CombinedOutput()
			if err != nil {
				t.Errorf("%s: there is no gkepreflight %s: %v", line.name, words[1], err)
				continue
			}
			for _, flag := range flagName.FindAllString(part, -1) {
				checked++
				if !regexp.MustCompile(regexp.QuoteMeta(flag) + `\b`).Match(help) {
					t.Errorf("%s: %s: gkepreflight %s has no %s", line.name, line.text, words[1], flag)
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d flags found", checked)
	}
}
