package asset_test

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// verdict judges an export by one check.
func verdict(t *testing.T, check string, f topology.Facts) (topology.Verdict, string) {
	t.Helper()
	worst, said := topology.Skip, ""
	for _, r := range checks.Judge(topology.New(f), nil, checks.Policy{Only: []string{check}}).Results {
		if r.Check == check && topology.All(r.Status, worst) != worst {
			worst, said = r.Status, r.Message
		}
	}
	return worst, said
}

// A gateway that is there covers; one that was looked for and is not there does not; one that nobody looked for is unknown.
func TestCoverage(t *testing.T) {
	other := strings.ReplaceAll(one(names+"regions/us-east1/routers/r", "compute.googleapis.com/Router",
		`{"name":"r","selfLink":"`+compute+`regions/us-east1/routers/r","network":"`+compute+`global/networks/vpc"}`), "projects/shop", "projects/other")
	broken := one(names+"regions/europe-west4/routers/r", "compute.googleapis.com/Router", `{"name":"r","nats":"none"}`)
	for _, tc := range []struct {
		name  string
		files [][]string
		want  topology.Verdict
	}{
		{"covered", [][]string{base(theRouter)}, topology.Pass},
		{"covered, in parts", [][]string{{theCluster, theRouter}, {theNetwork, theSubnet, theRoute}}, topology.Pass},
		{"covered, twice the same", [][]string{base(theRouter), base(theRouter)}, topology.Pass},
		{"a gateway of another region", [][]string{base(elsewhere)}, topology.Fail},
		{"routers of another project alone", [][]string{base(other)}, topology.Fail},
		{"no line names a router", [][]string{base()}, topology.Undecided},
		{"routers in an export of other projects", [][]string{base(), {strings.ReplaceAll(other, "projects/700", "projects/800")}}, topology.Undecided},
		{"only policies of routers", [][]string{base(granted(names+"regions/us-east1/routers/r", "compute.googleapis.com/Router", `{}`))}, topology.Undecided},
		{"a router that cannot be read", [][]string{base(broken)}, topology.Undecided},
		{"a router that cannot be read, and others", [][]string{base(broken, elsewhere)}, topology.Undecided},
		{"a router that cannot be read, in another part", [][]string{base(elsewhere), {broken, theNetwork}}, topology.Undecided},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var files []string
			for _, lines := range tc.files {
				files = append(files, export(t, "assets.json", lines...))
			}
			f, _ := read(t, files...)
			if got, said := verdict(t, "nat-node-range", f); got != tc.want {
				t.Errorf("%v, want %v: %s", got, tc.want, said)
			}
		})
	}
}

const pod = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop","managedFields":[{"manager":"kubectl"}]},
	"spec":{"containers":[{"name":"web","image":"europe-docker.pkg.dev/shop/apps/web:1"}]},"status":{"phase":"Running"}}`

var (
	workload   = one("//container.googleapis.com/projects/shop/locations/europe-west4/clusters/c/k8s/namespaces/shop/pods/web", "k8s.io/Pod", pod)
	theStore   = one("//artifactregistry.googleapis.com/projects/shop/locations/europe/repositories/apps", "artifactregistry.googleapis.com/Repository", `{"name":"projects/shop/locations/europe/repositories/apps","format":"DOCKER"}`)
	otherStore = strings.ReplaceAll(theStore, "apps", "tools")
	reads      = `{"bindings":[{"role":"roles/artifactregistry.reader","members":["serviceAccount:nodes@shop.iam.gserviceaccount.com"]}]}`
	noRights   = granted("//cloudresourcemanager.googleapis.com/projects/700", "cloudresourcemanager.googleapis.com/Project", `{"bindings":[{"role":"roles/owner","members":["user:a@example.com"]}]}`)
)

func on(name, kind, policy string) string {
	return granted("//"+name, kind, policy)
}

// Policies of an export count where they hold: on the project, on the repository, on the folders and the organisation above.
func TestRights(t *testing.T) {
	const resources, registry = "cloudresourcemanager.googleapis.com/", "artifactregistry.googleapis.com/"
	for _, tc := range []struct {
		name  string
		lines []string
		want  topology.Verdict
	}{
		{"on the project, by number", base(workload, on(resources+"projects/700", resources+"Project", reads)), topology.Pass},
		{"on the repository", base(workload, noRights, on(registry+"projects/shop/locations/europe/repositories/apps", registry+"Repository", reads)), topology.Pass},
		{"on the folder", base(workload, noRights, on(resources+"folders/1", resources+"Folder", reads)), topology.Pass},
		{"on the organisation", base(workload, noRights, on(resources+"organizations/2", resources+"Organization", reads)), topology.Pass},
		{"on another folder", base(workload, noRights, on(resources+"folders/9", resources+"Folder", reads)), topology.Fail},
		{"nowhere", base(workload, noRights), topology.Fail},
		{"no policy was exported", base(workload), topology.Undecided},
		{"a policy that cannot be read", base(workload, on(resources+"projects/700", resources+"Project", `{"bindings":7}`)), topology.Undecided},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, _ := read(t, export(t, "assets.json", tc.lines...))
			if got, said := verdict(t, "registry-access", f); got != tc.want {
				t.Errorf("%v, want %v: %s", got, tc.want, said)
			}
		})
	}
}

// A repository that is missing where repositories were exported does not exist. Their policies alone do not list them.
func TestRepositories(t *testing.T) {
	policy := granted("//artifactregistry.googleapis.com/projects/shop/locations/europe/repositories/tools", "artifactregistry.googleapis.com/Repository", reads)
	for name, tc := range map[string]struct {
		lines []string
		want  topology.Verdict
	}{
		"there":                  {base(workload, theStore), topology.Pass},
		"missing":                {base(workload, otherStore), topology.Fail},
		"not exported":           {base(workload), topology.Undecided},
		"policies were exported": {base(workload, policy), topology.Undecided},
	} {
		f, _ := read(t, export(t, "assets.json", tc.lines...))
		if got, said := verdict(t, "repository", f); got != tc.want {
			t.Errorf("%s: %v, want %v: %s", name, got, tc.want, said)
		}
	}
}

// A cluster that is in the export and cannot be read is in the report, and undecided.
func TestUnreadCluster(t *testing.T) {
	broken := one("//container.googleapis.com/projects/shop/locations/europe-west4/clusters/c", "container.googleapis.com/Cluster", `{"name":"c","nodePools":"main"}`)
	f, notes := read(t, export(t, "assets.json", theProject, broken, theNetwork, theSubnet, theRoute, theRouter))
	j := checks.Judge(topology.New(f), nil, checks.Policy{})
	if len(j.Clusters) != 1 || j.Clusters[0].Verdict != checks.ClusterUnknown {
		t.Errorf("%+v", j.Clusters)
	}
	if len(notes) != 1 || !strings.Contains(notes[0], "line 2: //container.googleapis.com/projects/shop/locations/europe-west4/clusters/c could not be read") {
		t.Errorf("notes %q", notes)
	}
}
