package live

import (
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// pulls is what registry-access says of the image appImage.
func pulls(f topology.Facts) topology.Verdict {
	f.Images = []*topology.ImageUse{{Declared: true, From: "--image 0", Ref: topology.Known(appImage, topology.Origin{}), Cluster: topology.Unknown[topology.ID]("flags name no cluster", topology.Origin{})}}
	worst := topology.Skip
	for _, r := range checks.Judge(topology.New(f), nil, checks.Policy{Only: []string{"registry-access"}}).Results {
		worst = topology.All(worst, r.Status)
	}
	return worst
}

// A 404 says nothing of the grants above a project: Google Cloud answers it for what the reader may not see, too. What the project itself grants is enough.
func TestNothingIsFoundAboveAProject(t *testing.T) {
	const reader = "roles/artifactregistry.reader"
	for _, asked := range []struct {
		name, permission string
		hides            bool // what the organisation grants
	}{
		{"the project", "resourcemanager.projects.get", true},
		{"the project's policy", "resourcemanager.projects.getIamPolicy", false},
		{"the folder", "resourcemanager.folders.get", true},
		{"the folder's policy", "resourcemanager.folders.getIamPolicy", false},
		{"the organisation's policy", "resourcemanager.organizations.getIamPolicy", true},
	} {
		for _, tc := range []struct {
			name        string
			repository  *iampb.Policy
			above       *iampb.Policy
			whole, gone topology.Verdict
		}{
			{"nothing grants it", &iampb.Policy{}, &iampb.Policy{}, topology.Fail, topology.Undecided},
			{"the organisation grants it", &iampb.Policy{}, fake.Allow(reader, nodes), topology.Pass, topology.Undecided},
			{"the repository grants it", fake.Allow(reader, nodes), &iampb.Policy{}, topology.Pass, topology.Pass},
		} {
			t.Run(asked.name+"/"+tc.name, func(t *testing.T) {
				w := estate()
				for i := range w.Projects[0].Clusters {
					w.Projects[0].Clusters[i].NodePools[0].Config.ServiceAccount = nodes[len("serviceAccount:"):]
				}
				w.Projects[3].Repositories[0].Policy, w.Above[1].Policy = tc.repository, tc.above
				s := serve(t, w)
				facts, _ := read(t, client(t, s), everything())
				if got := pulls(facts); got != tc.whole {
					t.Fatalf("%v before anything is gone, want %v", got, tc.whole)
				}
				s.Forget()
				s.Fault(fake.Match{Permission: asked.permission}, fake.Gone())
				facts, _ = read(t, client(t, s), everything())
				want := tc.gone
				if tc.whole == topology.Pass && !asked.hides {
					want = topology.Pass // the grant is still seen
				}
				if got := pulls(facts); got != want {
					t.Errorf("%v, want %v", got, want)
				}
			})
		}
	}
}

// Folders that hold each other hold nothing that is known.
func TestFoldersInACircle(t *testing.T) {
	w := estate()
	w.Projects[3].Repositories[0].Policy = &iampb.Policy{}
	w.Above = []fake.Ancestor{{Name: "folders/1", Parent: "folders/2", Policy: &iampb.Policy{}}, {Name: "folders/2", Parent: "folders/1", Policy: &iampb.Policy{}}}
	facts, _ := read(t, client(t, serve(t, w)), everything())
	if got := pulls(facts); got != topology.Undecided {
		t.Errorf("%v, want %v", got, topology.Undecided)
	}
	if why := refusalOf(facts, topology.IAM, "reg"); why != "what is above project reg does not end: resourcemanager.folders.get" {
		t.Errorf("%q", why)
	}
}
