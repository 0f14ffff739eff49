package live

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/api/iam/v1"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// lists are the repository lists that were asked for, as PROJECT/LOCATION.
func lists(s *fake.Server) []string {
	var out []string
	for call := range asked(s) {
		path, is := strings.CutPrefix(call, "GET /artifactregistry/v1/projects/")
		if path, list := strings.CutSuffix(path, "/repositories"); is && list {
			out = append(out, strings.Replace(path, "/locations/", "/", 1))
		}
	}
	slices.Sort(out)
	return out
}

// Repositories are listed once for each project and location that an image names.
func TestWhichRepositoriesAreListed(t *testing.T) {
	for _, tc := range []struct {
		name   string
		images []string
		want   []string
	}{
		{"none of Google's", []string{"nginx", "ghcr.io/a/b:1", "registry.k8s.io/pause"}, nil},
		{"one", []string{appImage}, []string{"reg/europe-west1"}},
		{"two images of one", []string{appImage, appImage + "2", "europe-west1-docker.pkg.dev/reg/apps/other@sha256:" + strings.Repeat("a", 64)}, []string{"reg/europe-west1"}},
		{"two repositories of a location", []string{appImage, hubImage}, []string{"reg/europe-west1"}},
		{"two locations", []string{appImage, "us-docker.pkg.dev/reg/apps/web:1"}, []string{"reg/europe-west1", "reg/us"}},
		{"two projects", []string{appImage, "europe-west1-docker.pkg.dev/net/apps/web:1"}, []string{"net/europe-west1", "reg/europe-west1"}},
		{"gcr.io's hosts", []string{"gcr.io/reg/a", "eu.gcr.io/reg/a", "us.gcr.io/reg/a", "asia.gcr.io/reg/a"}, []string{"reg/asia", "reg/europe", "reg/us"}},
		{"no reference at all", []string{"UPPER CASE", ""}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, estate())
			read(t, client(t, s), Want{Projects: []string{"shop"}, Images: tc.images})
			if got := lists(s); !slices.Equal(got, tc.want) {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
	t.Run("of what a plan tells", func(t *testing.T) {
		s := serve(t, estate())
		told := topology.Facts{Images: []*topology.ImageUse{{Ref: known(appImage)}, {Ref: unknown[string]()}}}
		read(t, client(t, s), Want{Projects: []string{"shop"}, Told: told})
		if got := lists(s); !slices.Equal(got, []string{"reg/europe-west1"}) {
			t.Errorf("%v", got)
		}
	})
}

// Custom roles are read where nodes may hold them, and no others.
func TestCustomRoles(t *testing.T) {
	const custom = "projects/reg/roles/puller"
	for _, tc := range []struct {
		member, role string
		read         bool
	}{
		{nodes, custom, true},
		{nodes, "organizations/2/roles/puller", true},
		{nodes, "roles/artifactregistry.reader", false},
		{"serviceAccount:other@shop.iam.gserviceaccount.com", custom, false},
		{"user:me@example.com", custom, false},
		{"deleted:" + nodes + "?uid=1", custom, false},
		{"group:everybody@example.com", custom, true}, // who is in it is not known here
		{"domain:example.com", custom, true},
		{"allUsers", custom, true},
		{"allAuthenticatedUsers", custom, true},
		{"principalSet://goog/group/everybody", custom, true},
		{"projectEditor:reg", custom, true},
	} {
		policies := []*iampb.Policy{nil, fake.Allow("roles/viewer", nodes), fake.Allow(tc.role, "user:somebody@example.com", tc.member)}
		if got := customRoles(policies, []string{nodes}); slices.Contains(got, tc.role) != tc.read || len(got) > 1 {
			t.Errorf("%s to %s: %v", tc.role, tc.member, got)
		}
	}
}

// A custom role is read once, wherever it is granted; one that may not be read is told of, and why.
func TestRolesAreRead(t *testing.T) {
	w := estate()
	w.Projects[3].Policy = fake.Allow("projects/reg/roles/puller", nodes)
	w.Above[1].Policy = fake.Allow("organizations/2/roles/all", nodes)
	w.Above[1].Roles = []*iam.Role{{Name: "organizations/2/roles/all", IncludedPermissions: []string{"x.y.z"}}}
	s := serve(t, w)
	s.Fault(fake.Match{Path: "/iam/v1/organizations/2/roles/all"}, fake.Denied())
	facts, _ := read(t, client(t, s), everything())
	if n := asked(s)["GET /iam/v1/projects/reg/roles/puller"]; n != 1 {
		t.Errorf("the project's role was read %d times", n)
	}
	var got []string
	for _, r := range facts.Roles {
		permissions, told := r.Permissions.Get()
		got = append(got, fmt.Sprint(r.Name, " ", told, " ", permissions, " ", r.Permissions.Why()))
	}
	slices.Sort(got)
	want := []string{"all false [] 403: iam.roles.get (roles/iam.roleViewer holds it)",
		"puller true [artifactregistry.repositories.downloadArtifacts] "}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// The default account is that of the nodes' project: its custom roles are read, and its address is told.
func TestDefaultAccount(t *testing.T) {
	const number = 4711
	account := fmt.Sprintf("serviceAccount:%d-compute@developer.gserviceaccount.com", number)
	for _, tc := range []struct {
		name    string
		account string
		refuse  bool
		role    bool
	}{
		{"as Google makes it", "", false, true},
		{"there is none", "-", false, false},
		{"nobody may know", "", true, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := estate()
			w.Projects[0].Number, w.Projects[0].DefaultAccount = number, tc.account
			w.Projects[3].Repositories[0].Policy = fake.Allow("projects/reg/roles/puller", account)
			s := serve(t, w)
			if tc.refuse {
				s.Fault(fake.Match{Permission: "compute.projects.get"}, fake.Denied())
			}
			facts, troubles := read(t, client(t, s), everything())
			if got := len(facts.Roles) == 1; got != tc.role || len(troubles) > 0 {
				t.Errorf("the role was read: %v, %v", got, troubles)
			}
		})
	}
}

// What is above a project is read up to the organisation; what could not be asked is told, and what was read below it stays.
func TestAncestry(t *testing.T) {
	folders := func(n int) []fake.Ancestor {
		var out []fake.Ancestor
		for i := 1; i < n; i++ {
			out = append(out, fake.Ancestor{Name: fmt.Sprint("folders/", i), Parent: fmt.Sprint("folders/", i+1), Policy: &iampb.Policy{}})
		}
		return append(out, fake.Ancestor{Name: fmt.Sprint("folders/", n), Parent: "organizations/2", Policy: &iampb.Policy{}}, fake.Ancestor{Name: "organizations/2", Policy: &iampb.Policy{}})
	}
	for _, tc := range []struct {
		name   string
		parent string
		above  []fake.Ancestor
		fault  *fake.Match
		line   string
		known  bool
		why    string
	}{
		{name: "no organisation", known: true},
		{name: "an organisation", parent: "organizations/2", above: folders(1), line: "organizations/2", known: true},
		{name: "three folders", parent: "folders/1", above: folders(3), line: "folders/1 folders/2 folders/3 organizations/2", known: true},
		{name: "the ten levels that there may be", parent: "folders/1", above: folders(10), known: true,
			line: "folders/1 folders/2 folders/3 folders/4 folders/5 folders/6 folders/7 folders/8 folders/9 folders/10 organizations/2"},
		{name: "a circle ends", parent: "folders/1", above: []fake.Ancestor{{Name: "folders/1", Parent: "folders/1", Policy: &iampb.Policy{}}}, line: strings.TrimSpace(strings.Repeat("folders/1 ", deepest)),
			why: "what is above project reg does not end: resourcemanager.folders.get"},
		{name: "a folder whose policy is hidden", parent: "folders/1", above: folders(2), fault: &fake.Match{Path: "/cloudresourcemanager/v3/folders/1:getIamPolicy"},
			line: "folders/1 folders/2 organizations/2", known: true, why: "403: resourcemanager.folders.getIamPolicy (roles/iam.securityReviewer holds it)"},
		{name: "a folder that is hidden itself", parent: "folders/1", above: folders(2), fault: &fake.Match{Path: "/cloudresourcemanager/v3/folders/1"},
			line: "folders/1", why: "403: resourcemanager.folders.get (roles/browser holds it)"},
		{name: "an organisation whose policy is hidden", parent: "folders/1", above: folders(1), fault: &fake.Match{Permission: "resourcemanager.organizations.getIamPolicy"},
			line: "folders/1 organizations/2", known: true, why: "403: resourcemanager.organizations.getIamPolicy (roles/iam.securityReviewer holds it)"},
		{name: "a project that is hidden", parent: "folders/1", above: folders(1), fault: &fake.Match{Permission: "resourcemanager.projects.get"},
			why: "403: resourcemanager.projects.get (roles/browser holds it)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := serve(t, fake.World{Projects: []fake.Project{{ID: "reg", Parent: tc.parent, Policy: &iampb.Policy{}}}, Above: tc.above})
			if tc.fault != nil {
				s.Fault(*tc.fault, fake.Denied())
			}
			r := &reading{Client: client(t, s), ctx: t.Context()}
			a := r.ancestry("reg")
			why := ""
			if a.err != nil {
				why = a.err.Error()
			}
			if got := strings.Join(a.above, " "); got != tc.line || a.known != tc.known || why != tc.why {
				t.Errorf("above %q, known %v, %q; want %q, %v, %q", got, a.known, why, tc.line, tc.known, tc.why)
			}
			if len(a.nodes) == 0 || a.nodes[0].name != "projects/reg" {
				t.Errorf("the project's own policy is not the first: %v", a.nodes)
			}
		})
	}
}

// What remote repositories may do inside a perimeter is asked where an image goes through one, once for each location.
func TestPerimetersOfRepositories(t *testing.T) {
	for _, tc := range []struct {
		name string
		mode artifactregistrypb.Repository_Mode
		ask  bool
	}{
		{"standard", artifactregistrypb.Repository_STANDARD_REPOSITORY, false},
		{"remote", artifactregistrypb.Repository_REMOTE_REPOSITORY, true},
		{"virtual, which may lead to a remote one", artifactregistrypb.Repository_VIRTUAL_REPOSITORY, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := estate()
			w.Projects[3].Repositories[0].Mode = tc.mode
			s := serve(t, w)
			want := Want{Projects: []string{"shop"}, Images: []string{appImage}} // the remote repository beside it is not asked for
			read(t, client(t, s), want)
			if n := s.Counts()["artifactregistry.vpcscconfigs.get"]; (n == 1) != tc.ask || n > 1 {
				t.Errorf("asked %d times", n)
			}
			s.Fault(fake.Match{Permission: "artifactregistry.vpcscconfigs.get"}, fake.Denied())
			facts, troubles := read(t, client(t, s), want)
			if got := len(facts.VPCSC) == 1; got != tc.ask || len(troubles) > 0 {
				t.Fatalf("told of: %v, %v", got, troubles)
			}
			if tc.ask && facts.VPCSC[0].Policy.Why() != "403: artifactregistry.vpcscconfigs.get (roles/viewer holds it)" {
				t.Errorf("%q", facts.VPCSC[0].Policy.Why())
			}
		})
	}
}
