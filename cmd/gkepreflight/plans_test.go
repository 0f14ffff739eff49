package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/schema"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Real plans lie with the project; more of them, made from examples of others, are used where they lie, beside it.
const (
	ownPlans    = "../../internal/testdata/plans"
	besidePlans = "../../../shared/plans"
)

type truth struct {
	Clusters []struct {
		Cluster   string `json:"cluster"`
		Private   any    `json:"nodes_private"`
		Nodes     string `json:"nat_node_range"`
		Pods      string `json:"nat_pods_range"`
		Internet  string `json:"pull_internet_registry"`
		Declared  string `json:"pull_google_registry_as_declared"`
		Effective string `json:"pull_google_registry_effective"`
		PodEgress string `json:"pod_internet_egress"`
		Decidable string `json:"decidable_from_plan_json"`
	} `json:"clusters"`
}

type reported struct {
	Clusters []struct {
		Address string `json:"address"`
		Private string `json:"private_nodes"`
	} `json:"clusters"`
	Results []struct {
		Check, Status, Severity, Cluster string
		Object                           struct {
			File string
			Line int
		}
	} `json:"results"`
}

var rank = []string{"skip", "pass", "unknown", "fail"}

// worst is the worst status of checks on a cluster. A warning about Google's access (GKE will switch it on) does not close the path.
func (r reported) worst(cluster string, checks ...string) string {
	out := ""
	for _, x := range r.Results {
		if x.Cluster != cluster || !slices.Contains(checks, x.Check) {
			continue
		}
		status := x.Status
		if status == "fail" && x.Severity != "error" && (x.Check == "private-google-access" || x.Check == "registry-dns") {
			status = "pass"
		}
		if out == "" || slices.Index(rank, status) > slices.Index(rank, out) {
			out = status
		}
	}
	return out
}

func (r reported) hasError(cluster, check string) bool {
	for _, x := range r.Results {
		if x.Cluster == cluster && x.Check == check && x.Status == "fail" && x.Severity == "error" {
			return true
		}
	}
	return false
}

func planFolders(t *testing.T, root string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "*", "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range files {
		out = append(out, filepath.Dir(f))
	}
	return out
}

func TestPlansOfOurOwn(t *testing.T) {
	folders := planFolders(t, ownPlans)
	if len(folders) != 27 {
		t.Fatalf("%d plans in %s, expected 27", len(folders), ownPlans)
	}
	for _, f := range folders {
		t.Run(filepath.Base(f), func(t *testing.T) { holdAgainstTruth(t, f, false) })
	}
}

func TestPlansWithTheirConfiguration(t *testing.T) {
	for _, f := range planFolders(t, ownPlans) {
		if _, err := os.Stat(filepath.Join(f, "plan.tfplan")); err == nil {
			t.Run(filepath.Base(f)+"/saved plan", func(t *testing.T) {
				holdAgainstTruth(t, f, true, "--config-dir", filepath.Join(f, "plan.tfplan"))
			})
		}
		t.Run(filepath.Base(f)+"/folder", func(t *testing.T) { holdAgainstTruth(t, f, true, "--config-dir", f) })
	}
}

func TestPlansBeside(t *testing.T) {
	folders := planFolders(t, besidePlans)
	if len(folders) == 0 {
		t.Skipf("%s is not there: the plans made from others' examples are not held against their truth", besidePlans)
	}
	for _, f := range folders {
		t.Run(filepath.Base(f), func(t *testing.T) { holdAgainstTruth(t, f, false) })
	}
}

// holdAgainstTruth runs the command on a plan and compares each verdict with the hand-written truth. Where that says that JSON alone cannot decide,
// JSON alone must say unknown, and the configuration must decide.
func holdAgainstTruth(t *testing.T, folder string, configured bool, args ...string) {
	t.Helper()
	var want truth
	readJSON(t, filepath.Join(folder, "truth.json"), &want)
	code, out, stderr := call(t, append([]string{"check", "--format", "json", "--plan", filepath.Join(folder, "plan.json")}, args...)...)
	if code == 1 || stderr != "" {
		t.Fatalf("status %d: %s", code, stderr)
	}
	validate(t, out)
	var got reported
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if configured {
		for _, r := range got.Results {
			if r.Cluster != "" && (r.Object.File == "" || r.Object.Line == 0) && !strings.Contains(folder, "16-") {
				t.Errorf("%s on %s has no file and line", r.Check, r.Cluster)
			}
		}
	}
	rows := map[string][]int{}
	for i, c := range want.Clusters {
		if name, _, _ := strings.Cut(c.Cluster, " / "); name != "" && !strings.HasPrefix(name, "(") {
			rows[name] = append(rows[name], i)
		}
	}
	if len(got.Clusters) != len(rows) {
		t.Errorf("%d clusters in the report, %d in truth", len(got.Clusters), len(rows))
	}
	for name, list := range rows {
		holdCluster(t, got, want, name, list, configured)
	}
}

func holdCluster(t *testing.T, got reported, want truth, name string, list []int, configured bool) {
	t.Helper()
	private, public, open, blockedPods := 0, 0, false, false
	nodes, pods, internet, google := "pass", "pass", "pass", "pass"
	undecidable, exact := false, true
	for _, i := range list {
		row := want.Clusters[i]
		switch row.Private {
		case true:
			private++
		case false:
			public++
			continue
		default:
			open = true
			continue
		}
		undecidable = undecidable || row.Decidable != "yes" && row.Decidable != "subnet"
		nodes, pods = either(row.Nodes == "no", nodes), either(row.Pods == "no", pods)
		internet, google = ofWord(row.Internet, internet), ofWord(row.Effective, google)
		exact = exact && !strings.Contains(row.Declared, "pkg.dev")
		blockedPods = blockedPods || row.PodEgress == "BLOCKED" && row.Internet == "OK"
	}
	expect := func(what, want, is string) {
		t.Helper()
		if undecidable && !configured && is == "unknown" {
			return
		}
		if want != is && (want != "pass" || is != "skip") {
			t.Errorf("%s: %s is %q, truth says %q", name, what, is, want)
		}
	}
	kind := map[[2]bool]string{{true, false}: "all", {true, true}: "some", {false, true}: "none"}[[2]bool{private > 0, public > 0}]
	if open {
		kind = "unknown"
	}
	if i := slices.IndexFunc(got.Clusters, func(c struct {
		Address string `json:"address"`
		Private string `json:"private_nodes"`
	}) bool {
		return c.Address == name
	}); i < 0 {
		t.Errorf("%s is not in the report", name)
	} else if got.Clusters[i].Private != kind {
		t.Errorf("%s: private nodes are %q, truth says %q", name, got.Clusters[i].Private, kind)
	}
	if private == 0 {
		return
	}
	expect("internet", internet, got.worst(name, "nat-node-range", "internet-route", "egress-firewall"))
	if internet != "unknown" {
		expect("nat-node-range", nodes, got.worst(name, "nat-node-range"))
		expect("nat-pod-range", pods, got.worst(name, "nat-pod-range"))
		if is := got.hasError(name, "nat-pod-range"); is != blockedPods && !(undecidable && !configured) {
			if internet == "pass" {
				t.Errorf("%s: pods without a way out of their own: %v, truth says %v", name, is, blockedPods)
			}
		}
	}
	if exact {
		expect("google", google, got.worst(name, "private-google-access", "registry-dns"))
	}
}

func either(fail bool, before string) string {
	if fail {
		return "fail"
	}
	return before
}

func ofWord(text, before string) string {
	word, _, _ := strings.Cut(text, " ")
	status := map[string]string{"BLOCKED": "fail", "UNKNOWN": "unknown"}[word]
	if slices.Index(rank, status) > slices.Index(rank, before) {
		return status
	}
	return before
}

func TestAStateDecidesWhatThePlanAloneDoesNot(t *testing.T) {
	for _, c := range []struct{ plan, state, cluster, internet, google string }{
		{"16-shared-vpc-literals", "shared-vpc", "google_container_cluster.covered", "pass", "pass"},
		{"16-shared-vpc-literals", "shared-vpc", "google_container_cluster.uncovered", "fail", "fail"},
		{"16-shared-vpc-literals", "shared-vpc", "google_container_cluster.namesake", "unknown", "unknown"},
		{"17-data-sources-existing-vpc", "existing-vpc", "google_container_cluster.central", "pass", "pass"},
		{"17-data-sources-existing-vpc", "existing-vpc", "google_container_cluster.east", "fail", "pass"},
	} {
		t.Run(fmt.Sprintf("%s %s", c.plan, c.cluster), func(t *testing.T) {
			_, out, _ := call(t, "check", "--format", "json", "--plan", filepath.Join(ownPlans, c.plan, "plan.json"), "--state", "../../internal/testdata/states/"+c.state+".json")
			validate(t, out)
			var got reported
			if err := json.Unmarshal([]byte(out), &got); err != nil {
				t.Fatal(err)
			}
			if is := got.worst(c.cluster, "nat-node-range", "internet-route", "egress-firewall"); is != c.internet {
				t.Errorf("internet is %q, expected %q", is, c.internet)
			}
			if is := got.worst(c.cluster, "private-google-access", "registry-dns"); is != c.google {
				t.Errorf("google is %q, expected %q", is, c.google)
			}
		})
	}
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// validate holds a report against the published schema.
func validate(t *testing.T, report string) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(schema.Report)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("report.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("report.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(report))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(value); err != nil {
		t.Errorf("the report does not fit its schema: %v", err)
	}
}
