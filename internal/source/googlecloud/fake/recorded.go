package fake

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/api/iam/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// RecordedRepository is the repository that a recorded repository policy belongs to: the recording does not name it.
const RecordedRepository = "us-central1/recorded"

// recording reads one project's recorded answers.
type recording struct {
	dir string
	Project
}

// Recorded is the project whose answers lie in a folder, one file an answer. Each is served as it is at the path that it came from, and what it
// tells answers the other calls: a region's routers are in the list over all regions, too. What was not recorded is empty.
func Recorded(dir string) (Project, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) == 0 {
		return Project{}, fmt.Errorf("%s holds no recorded answers", dir)
	}
	r := recording{dir: dir, Project: Project{Answers: map[string][]byte{}}}
	for _, name := range files {
		text, err := os.ReadFile(name) // #nosec G304 -- the folder is the caller's
		if err != nil {
			return Project{}, fmt.Errorf("a recorded answer cannot be read: %w", err)
		}
		if m := mentioned.FindSubmatch(text); m != nil && r.ID == "" {
			r.ID = string(m[1]) + string(m[2])
		}
	}
	slices.SortStableFunc(files, func(a, b string) int {
		return cmp.Compare(later[single(filepath.Base(a))], later[single(filepath.Base(b))])
	})
	for _, name := range files {
		if err := r.take(filepath.Base(name)); err != nil {
			return Project{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	r.imply()
	return r.Project, nil
}

// later orders what is read after the rest.
var later = map[bool]int{true: 1}

// mentioned finds the project that an answer is of: in a link, or in the address of an account.
var mentioned = regexp.MustCompile(`/projects/([a-z][a-z0-9-]+)/|@([a-z][a-z0-9-]+)\.iam\.gserviceaccount\.com`)

// take reads one file: what kind it is, its name tells.
func (r *recording) take(name string) error {
	text, err := os.ReadFile(filepath.Join(r.dir, name)) // #nosec G304 -- the folder is the caller's
	if err != nil {
		return fmt.Errorf("a recorded answer cannot be read: %w", err)
	}
	kind := strings.TrimSuffix(name, ".json")
	at := "projects/" + r.ID
	switch {
	case kind == "compute-project":
		p := &computepb.Project{}
		err = r.keep("GET /compute/v1/"+at, text, p)
		r.DefaultAccount = p.GetDefaultServiceAccount()
		_, _ = fmt.Sscanf(r.DefaultAccount, "%d-compute@", &r.Number)
	case kind == "compute-subnetworks-aggregated":
		all := &computepb.SubnetworkAggregatedList{}
		err = r.keep("GET /compute/v1/"+at+"/aggregated/subnetworks", text, all)
		for _, in := range all.GetItems() {
			r.Subnetworks = append(r.Subnetworks, in.GetSubnetworks()...)
		}
	case kind == "compute-network-routes":
		all := &computepb.RouteList{}
		err = r.keep("GET /compute/v1/"+at+"/global/routes", text, all)
		r.Routes = all.GetItems()
	case strings.HasPrefix(kind, "compute-effective-firewalls-"):
		all := &computepb.NetworksGetEffectiveFirewallsResponse{}
		network := strings.TrimPrefix(kind, "compute-effective-firewalls-")
		err = r.keep("GET /compute/v1/"+at+"/global/networks/"+network+"/getEffectiveFirewalls", text, all)
		r.Firewalls, r.Hierarchy = append(r.Firewalls, all.GetFirewalls()...), all.GetFirewallPolicys()
	case strings.HasPrefix(kind, "compute-routers-"):
		err = r.routers(strings.TrimPrefix(kind, "compute-routers-"), text)
	case kind == "container-clusters":
		all := &containerpb.ListClustersResponse{}
		err = r.keep("GET /container/v1/"+at+"/locations/-/clusters", text, all)
		r.Clusters = all.GetClusters()
	case kind == "iam-policy":
		r.Policy = &iampb.Policy{}
		err = r.keep("POST /cloudresourcemanager/v3/"+at+":getIamPolicy", text, r.Policy)
	case kind == "iam-roles-custom":
		all := iam.ListRolesResponse{}
		err = r.keepJSON("GET /iam/v1/"+at+"/roles", text, &all)
		r.Roles = all.Roles
	case kind == "iam-service-accounts":
		all := iam.ListServiceAccountsResponse{}
		err = r.keepJSON("GET /iam/v1/"+at+"/serviceAccounts", text, &all)
		r.ServiceAccounts = all.Accounts
	case kind == "artifact-registry-policy":
		p := &iampb.Policy{}
		location, repository, _ := strings.Cut(RecordedRepository, "/")
		err = r.keep("GET /artifactregistry/v1/"+at+"/locations/"+location+"/repositories/"+repository+":getIamPolicy", text, p)
		r.Repositories = append(r.Repositories, DockerRepository(location, repository, p))
	case kind == "artifact-registry-project-settings":
		r.Settings = &artifactregistrypb.ProjectSettings{}
		err = r.keep("GET /artifactregistry/v1/"+at+"/projectSettings", text, r.Settings)
	case kind == "services":
		// Of an API that is not served here.
	default:
		err = errors.New("no path is known for such an answer")
	}
	return err
}

// keep remembers an answer as it is, and decodes it.
func (r *recording) keep(call string, text []byte, into proto.Message) error {
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(text, into); err != nil {
		return fmt.Errorf("the recorded answer to %s: %w", call, err)
	}
	r.Answers[call] = text
	return nil
}

func (r *recording) keepJSON(call string, text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("the recorded answer to %s: %w", call, err)
	}
	r.Answers[call] = text
	return nil
}
