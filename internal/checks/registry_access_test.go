package checks

import (
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestRegistryAccess(t *testing.T) {
	may := []want{{status: topology.Pass, severity: Error, object: clusterAddress}}
	mayNot := []want{{topology.Fail, Error, clusterAddress, []string{"the path is open, but", nodesAccount, downloadPermission}, "roles/artifactregistry.reader", ""}}
	open := func(says ...string) []want {
		return []want{{status: topology.Undecided, severity: Error, object: clusterAddress, says: says}}
	}
	judged := func(want []want, changes ...change) expectation {
		return expectation{facts: world(append([]change{pulls(google)}, changes...)...), want: want}
	}
	elsewhere := account("222-compute@developer.gserviceaccount.com")
	for name, tc := range map[string]expectation{
		"granted on the project":                      judged(may, makes, grant(toNodes)),
		"granted on the repository":                   judged(may, makes, grant(toNodes, onRepository(region, "apps"))),
		"granted to everybody":                        judged(may, makes, grant(to("allUsers"))),
		"granted to every account":                    judged(may, makes, grant(to("allAuthenticatedUsers"))),
		"granted by a binding among others":           judged(may, makes, grant(to("user:a@example.com", "serviceAccount:"+nodesAccount))),
		"granted by reference":                        judged(may, makes, emailLater, grant(toAccount("addr:plan/google_service_account.nodes"))),
		"a basic role":                                judged(may, makes, grant(toNodes, memberRole("roles/viewer"))),
		"a custom role":                               judged(may, makes, custom("puller", "storage.objects.get", downloadPermission), grant(toNodes, memberRole("projects/p/roles/puller"))),
		"a grant that is open beside one that is not": judged(may, makes, grant(toNodes, conditional), grant(to("group:all@example.com")), grant(toNodes)),

		"nothing is granted":                                 judged(mayNot, makes),
		"on another project":                                 judged(mayNot, makes, grant(toNodes, onProject("q"))),
		"on another repository":                              judged(mayNot, makes, grant(toNodes, onRepository(region, "base"))),
		"on the repository of another location":              judged(mayNot, makes, grant(toNodes, onRepository("us-east1", "apps"))),
		"to another account":                                 judged(mayNot, makes, grant(to("serviceAccount:ci@p.iam.gserviceaccount.com"))),
		"to the pod's account, which does not pull":          judged(mayNot, makes, grant(to("serviceAccount:p.svc.id.goog[default/web]"))),
		"defaultNodeServiceAccount grants nothing here":      judged(mayNot, makes, grant(toNodes, memberRole("roles/container.defaultNodeServiceAccount"))),
		"a role of storage":                                  judged(mayNot, makes, grant(toNodes, memberRole("roles/storage.objectViewer"))),
		"a custom role without the permission":               judged(mayNot, makes, custom("puller", "storage.objects.get"), grant(toNodes, memberRole("projects/p/roles/puller"))),
		"an existing account and the project's whole policy": judged(mayNot, grant(authoritative, to("user:a@example.com"))),

		"a group":                       judged(open("group:all@example.com", "who belongs to that"), makes, grant(to("group:all@example.com"))),
		"a condition":                   judged(open("condition"), makes, grant(toNodes, conditional)),
		"on a folder":                   judged(open("a folder or an organisation"), makes, grant(toNodes, above)),
		"a custom role nobody tells of": judged(open("may grant it"), makes, grant(toNodes, memberRole("organizations/1/roles/puller"))),
		"a custom role that could not be read": judged(open("grants projects/p/roles/puller, and what that holds is not known: 403: iam.roles.get"), makes, custom("puller"), func(f *topology.Facts) {
			f.Roles[0].Permissions = topology.Unknown[[]string]("403: iam.roles.get", topology.Origin{})
		}, grant(toNodes, memberRole("projects/p/roles/puller"))),
		"another project's role of that name":              judged(open("may grant it"), makes, custom("puller", "storage.objects.get"), grant(toNodes, memberRole("projects/q/roles/puller"))),
		"a role that apply decides":                        judged(open("may grant it"), makes, grant(toNodes, func(g *topology.Grant) { g.Role = later[string]() })),
		"members that apply decides":                       judged(open("not known"), makes, grant(func(g *topology.Grant) { g.MembersTold = false })),
		"an existing account":                              judged(open("not all seen", "--state")),
		"an existing account, a grant to another":          judged(open("not all seen"), grant(to("serviceAccount:ci@p.iam.gserviceaccount.com"))),
		"the default account":                              judged(open("Compute Engine default account", "May 2024"), account("")),
		"the default account by another's number":          judged(open("222-compute@", "default account of project"), account(""), pulls2("us-central1-docker.pkg.dev/q/apps/web:1"), grant(onProject("q"), to("serviceAccount:222-compute@developer.gserviceaccount.com"))),
		"an account that apply decides":                    judged(open(topology.KnownAfterApply), pool(func(p *topology.NodePool) { p.ServiceAccount = later[string]() })),
		"an account that apply decides and a whole policy": judged(open(topology.KnownAfterApply), pool(func(p *topology.NodePool) { p.ServiceAccount = later[string]() }), grant(authoritative, to("user:a@example.com"))),

		"the default account, granted in its own project": judged(may, account(""), grant(to("serviceAccount:111-compute@developer.gserviceaccount.com"))),
		"the default account by its address":              judged(may, elsewhere, grant(onProject(project), to("serviceAccount:222-compute@developer.gserviceaccount.com"))),
	} {
		tc.name = name
		expect(t, "registry-access", []expectation{tc})
	}
}

// pulls2 has the workload pull another image instead.
func pulls2(ref string) change {
	return func(f *topology.Facts) { f.Images[0].Ref = known(ref) }
}

// What asks for no right, and where results go.
func TestRegistryAccessAsks(t *testing.T) {
	skip := []want{{status: topology.Skip, object: clusterAddress}}
	expect(t, "registry-access", []expectation{
		{name: "no image", facts: world(makes), want: skip},
		{name: "images of others", facts: world(makes, pulls(hub), pulls(k8s), pulls("mirror.gcr.io/library/nginx:1"), pulls("gke.gcr.io/pause:3.10")), want: skip},
		{name: "Google's public projects", facts: world(makes, pulls("us-docker.pkg.dev/google-samples/containers/gke/hello-app:1.0")), want: skip},
		{name: "an image of two pools with one account", facts: world(makes, pulls(google), addPool("b")), want: []want{
			{topology.Fail, Error, "google_container_node_pool.b", nil, "reader", ""}, {topology.Fail, Error, "google_container_node_pool.default-pool", nil, "reader", ""}}},
		{name: "only the pool that the pods come onto", facts: world(makes, pulls(google, onPool("b")), addPool("b")), want: []want{{topology.Fail, Error, "google_container_node_pool.b", nil, "reader", ""}}},
		{name: "public nodes need the right, too", facts: world(makes, pulls(google), pool(public)), want: []want{{topology.Fail, Error, clusterAddress, nil, "reader", ""}}},
		{name: "an image that is only inferred", facts: world(makes, pulls(google, guessed)), want: []want{{topology.Fail, Warning, clusterAddress, nil, "reader", ""}}},
		{name: "Container Registry's host", facts: world(makes, pulls(gcr)), want: []want{{topology.Fail, Error, clusterAddress, []string{"projects/p/locations/us/repositories/gcr.io"}, `repository = "gcr.io"`, ""}}},
	})
}

// Network and right are kept apart: of a path that is broken the result does not say that it is open.
func TestRegistryAccessKeepsNetworkApart(t *testing.T) {
	r := the(t, judge(world(makes, pulls(google), access(false, true)), Policy{}), "registry-access")
	if r.Status != topology.Fail || strings.Contains(r.Message, "the path is open") {
		t.Errorf("%s: %s", r.Status, r.Message)
	}
}

// A repository that is not there is one fault: no grant could be on it.
func TestMissingRepositoryIsOneFault(t *testing.T) {
	for name, tc := range map[string]struct {
		changes []change
		cause   string
	}{
		"missing":           {[]change{reading(topology.Repositories, "")}, "repository"},
		"there":             {[]change{reading(topology.Repositories, ""), repo("apps")}, ""},
		"nobody listed any": {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := world(append([]change{pulls(google), makes}, tc.changes...)...)
			if r := the(t, judge(f, Policy{}), "registry-access"); r.Status != topology.Fail || r.CausedBy != tc.cause {
				t.Errorf("%s, caused by %q: %s", r.Status, r.CausedBy, r.Message)
			}
		})
	}
}

// What is certain of a repository counts before what is only guessed, in whichever order the images come.
func TestCertainImagesSpeakForTheirRepository(t *testing.T) {
	const other = "us-central1-docker.pkg.dev/p/apps/other:1"
	for name, changes := range map[string][]change{
		"guessed first": {pulls(google, guessed, from("a")), pulls(other, from("b"))},
		"certain first": {pulls(other, from("a")), pulls(google, guessed, from("b"))},
	} {
		j := judge(world(append(changes, makes, reading(topology.Repositories, ""), pool(func(p *topology.NodePool) { p.Scopes = known([]string{"x"}) }))...), Policy{})
		for _, check := range []string{"registry-access", "repository", "node-scopes"} {
			if r := the(t, j, check); r.Status != topology.Fail || r.Severity != Error {
				t.Errorf("%s, %s: %s %s: %s", name, check, r.Status, r.Severity, r.Message)
			}
		}
	}
	onlyGuessed := judge(world(pulls(google, guessed), makes, reading(topology.Repositories, "")), Policy{})
	for _, check := range []string{"registry-access", "repository"} {
		if r := the(t, onlyGuessed, check); r.Status != topology.Fail || r.Severity != Warning {
			t.Errorf("only guessed, %s: %s %s: %s", check, r.Status, r.Severity, r.Message)
		}
	}
}

// The fix grants the account that the nodes run as, as far as it is told.
func TestGrantFix(t *testing.T) {
	const member = `member     = "serviceAccount:`
	inferred := pool(func(p *topology.NodePool) { p.ServiceAccount.Inferred = true })
	for _, tc := range []struct {
		name     string
		changes  []change
		severity Severity
		want     string
	}{
		{"an address", []change{makes}, Error, member + nodesAccount + `"`},
		{"an address that apply decides", []change{makes, emailLater}, Error, member + `${google_service_account.NODES.email}"`},
		{"an account that is only inferred", []change{makes, inferred}, Warning, member + nodesAccount + `"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := the(t, judge(world(append([]change{pulls(google)}, tc.changes...)...), Policy{}), "registry-access")
			if r.Status != topology.Fail || r.Severity != tc.severity || !strings.Contains(r.Fix, tc.want) {
				t.Errorf("%s %s: %s\n%s", r.Status, r.Severity, r.Message, r.Fix)
			}
			if len(r.Evidence) != 1 || r.Evidence[0].Attribute != "node_config.service_account" {
				t.Errorf("evidence %+v", r.Evidence)
			}
		})
	}
	granted := the(t, judge(world(pulls(google), makes, grant(toNodes)), Policy{}), "registry-access")
	if len(granted.Evidence) != 1 || granted.Evidence[0].Attribute != "role" || granted.Evidence[0].Value != reader {
		t.Errorf("%s: evidence %+v", granted.Status, granted.Evidence)
	}
}
