package googlecloud

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func policyOf(t *testing.T, text string) *iampb.Policy {
	t.Helper()
	p := &iampb.Policy{}
	if err := protojson.Unmarshal([]byte(text), p); err != nil {
		t.Fatal(err)
	}
	return p
}

const home = "gcpdiag-gke1-aaaa"

// recordedRights is the inventory of the recorded project, with more bindings in its policy.
func recordedRights(t *testing.T, more ...*iampb.Binding) *Inventory {
	t.Helper()
	v := New("live")
	own := policyOf(t, string(recorded(t, "gke1/iam-policy.json")))
	own.Bindings = append(own.Bindings, more...)
	v.Policy("//cloudresourcemanager.googleapis.com/projects/12340002", own)
	var roles struct {
		Roles []struct {
			Name                string
			IncludedPermissions []string
		}
	}
	if err := json.Unmarshal(recorded(t, "gke1/iam-roles-custom.json"), &roles); err != nil {
		t.Fatal(err)
	}
	for _, r := range roles.Roles {
		v.Role(r.Name, r.IncludedPermissions)
	}
	v.Project(home, 12340002, "")
	return v
}

// access judges whether an account may read a repository of the recorded project, with grants added to those recorded.
func access(t *testing.T, v *Inventory, account string) checks.Result {
	t.Helper()
	f := v.Facts()
	id := topology.Identify("google_container_cluster", home, "europe-west4", "c")
	none := topology.Origin{}
	f.Clusters = []*topology.Cluster{{Object: topology.Object{ID: id, Address: "c", Name: "c", Project: home, Location: "europe-west4"}, PrivateNodes: topology.Known(true, none),
		Pools: []*topology.NodePool{{Object: topology.Object{ID: "pool", Address: "pool", Project: home}, Cluster: topology.Known(id, none),
			Private: topology.Known(true, none), ServiceAccount: topology.Known(account, none)}}}}
	f.Images = []*topology.ImageUse{{Ref: topology.Known("europe-docker.pkg.dev/"+home+"/apps/web:1", none), Cluster: topology.Known(id, none), From: "web"}}
	for _, r := range checks.Judge(topology.New(f), nil, checks.Policy{Only: []string{"registry-access"}}).Results {
		if r.Check == "registry-access" {
			return r
		}
	}
	t.Fatal("nothing was judged")
	return checks.Result{}
}

// The recorded project: its own accounts hold custom roles without the permission, the default account is editor.
func TestRecordedRights(t *testing.T) {
	for account, want := range map[string]topology.Verdict{
		"gke2sa@gcpdiag-gke1-aaaa.iam.gserviceaccount.com": topology.Fail,
		"gke3sa@gcpdiag-gke1-aaaa.iam.gserviceaccount.com": topology.Fail,
		"12340002-compute@developer.gserviceaccount.com":   topology.Pass,
		"stranger@elsewhere.iam.gserviceaccount.com":       topology.Fail,
	} {
		if r := access(t, recordedRights(t), account); r.Status != want {
			t.Errorf("%s: %v, want %v: %s", account, r.Status, want, r.Message)
		}
	}
}

const nodes = "nodes@gcpdiag-gke1-aaaa.iam.gserviceaccount.com"

func bindingOf(role, member, condition string) string {
	text := `{"bindings":[{"role":"` + role + `","members":["` + member + `"]`
	if condition != "" {
		text += `,"condition":{"expression":"` + condition + `"}`
	}
	return text + "}]}"
}

// Policies on the project, its repository and what lies above it, each beside a trap that looks alike.
func TestPolicies(t *testing.T) {
	project := "//cloudresourcemanager.googleapis.com/projects/" + home
	repository := "//artifactregistry.googleapis.com/projects/12340002/locations/europe/repositories/apps"
	reader, sa := "roles/artifactregistry.reader", "serviceAccount:"+nodes
	for _, tc := range []struct {
		name, resource, policy string
		above                  []string
		want                   topology.Verdict
	}{
		{"nothing", "", "", nil, topology.Fail},
		{"on the project", project, bindingOf(reader, sa, ""), nil, topology.Pass},
		{"on the repository", repository, bindingOf(reader, sa, ""), nil, topology.Pass},
		{"on another repository", strings.Replace(repository, "/apps", "/other", 1), bindingOf(reader, sa, ""), nil, topology.Fail},
		{"on another project", "//cloudresourcemanager.googleapis.com/projects/other", bindingOf(reader, sa, ""), nil, topology.Fail},
		{"on something else of the name", "//storage.googleapis.com/projects/_/buckets/apps", bindingOf(reader, sa, ""), nil, topology.Fail},
		{"for everybody", repository, bindingOf(reader, "allUsers", ""), nil, topology.Pass},
		{"for every account", repository, bindingOf(reader, "allAuthenticatedUsers", ""), nil, topology.Pass},
		{"a role without the permission", project, bindingOf("roles/container.defaultNodeServiceAccount", sa, ""), nil, topology.Fail},
		{"a person", project, bindingOf(reader, "user:nodes@example.com", ""), nil, topology.Fail},
		{"an account that was deleted", project, bindingOf(reader, "deleted:"+sa+"?uid=1", ""), nil, topology.Fail},
		{"a group", project, bindingOf(reader, "group:nodes@example.com", ""), nil, topology.Undecided},
		{"a domain", project, bindingOf(reader, "domain:example.com", ""), nil, topology.Undecided},
		{"a group with another right", project, bindingOf("roles/logging.logWriter", "group:nodes@example.com", ""), nil, topology.Fail},
		{"under a condition", project, bindingOf(reader, sa, "request.time < timestamp('2030-01-01T00:00:00Z')"), nil, topology.Undecided},
		{"a custom role nobody told of", project, bindingOf("projects/"+home+"/roles/unseen", sa, ""), nil, topology.Undecided},
		{"above the project", "//cloudresourcemanager.googleapis.com/folders/1", bindingOf(reader, sa, ""), []string{"folders/1", "organizations/2"}, topology.Pass},
		{"above another project", "//cloudresourcemanager.googleapis.com/folders/7", bindingOf(reader, sa, ""), []string{"folders/1", "organizations/2"}, topology.Fail},
		{"above, and nobody knows what", "//cloudresourcemanager.googleapis.com/folders/1", bindingOf(reader, sa, ""), nil, topology.Undecided},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var v *Inventory
			switch tc.resource {
			case "":
				v = recordedRights(t)
			case project:
				v = recordedRights(t, policyOf(t, tc.policy).GetBindings()...)
			default:
				v = recordedRights(t)
				v.Policy(tc.resource, policyOf(t, tc.policy))
			}
			if tc.above != nil {
				v.Ancestors("12340002", tc.above)
			}
			if r := access(t, v, nodes); r.Status != tc.want {
				t.Errorf("%v, want %v: %s", r.Status, tc.want, r.Message)
			}
		})
	}
}

// What could not be read may grant anything: neither a pass nor a failure rests on it.
func TestUnreadPolicies(t *testing.T) {
	for name, spoil := range map[string]func(*Inventory){
		"a policy that is broken": func(v *Inventory) {
			v.PolicyUnread("//artifactregistry.googleapis.com/projects/"+home+"/locations/europe/repositories/apps", "broken")
		},
		"a call that was refused": func(v *Inventory) { v.Refused(topology.IAM, home, "403: artifactregistry.repositories.getIamPolicy") },
	} {
		v := recordedRights(t)
		spoil(v)
		if r := access(t, v, nodes); r.Status != topology.Undecided {
			t.Errorf("%s: %v: %s", name, r.Status, r.Message)
		}
	}
}

// Identities are those of the same grants in a plan: what it adds is not doubled, and what it removes is gone.
func TestGrantIdentities(t *testing.T) {
	v := New("live")
	v.Project("p", 7, "")
	conditional := policyOf(t, `{"bindings":[{"role":"roles/viewer","members":["serviceAccount:a","serviceAccount:b"]},{"role":"roles/viewer","members":["serviceAccount:a"],"condition":{"expression":"x"}}]}`)
	for range 2 { // the same policy may come twice
		v.Policy("//cloudresourcemanager.googleapis.com/projects/7", conditional)
	}
	v.Policy("//artifactregistry.googleapis.com/projects/p/locations/us/repositories/r", policyOf(t, string(recorded(t, "gcb1/artifact-registry-policy.json"))))
	v.Policy("//cloudresourcemanager.googleapis.com/folders/1", policyOf(t, bindingOf("roles/viewer", "serviceAccount:a", "")))
	var got []string
	for _, g := range v.Facts().Grants {
		for _, m := range g.Members {
			got = append(got, string(topology.GrantID(g, m)))
		}
		if !g.Authoritative || !g.MembersTold {
			t.Errorf("%s: a policy says all that is granted on its resource", g.ID)
		}
	}
	slices.Sort(got)
	want := []string{
		"iam_grant//global/folders/1/roles/viewer/serviceAccount:a",
		"iam_grant/p/global/google_artifact_registry_repository/p/us/r/roles/artifactregistry.admin/serviceAccount:gcb-custom2@gcpdiag-gcb1-aaaa.iam.gserviceaccount.com",
		"iam_grant/p/global/p/roles/viewer/serviceAccount:a",
		"iam_grant/p/global/p/roles/viewer/serviceAccount:a/conditional",
		"iam_grant/p/global/p/roles/viewer/serviceAccount:b",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
