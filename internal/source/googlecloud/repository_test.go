package googlecloud

import (
	"maps"
	"slices"
	"testing"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func repositoryOf(t *testing.T, text string) *topology.Repository {
	t.Helper()
	m := &artifactregistrypb.Repository{}
	if err := protojson.Unmarshal([]byte(text), m); err != nil {
		t.Fatal(err)
	}
	v := New("live")
	v.Project("p", 7, "")
	v.Repository(m)
	return v.Facts().Repositories[0]
}

func TestRepositories(t *testing.T) {
	standard := repositoryOf(t, `{"name":"projects/7/locations/us/repositories/apps","format":"DOCKER"}`)
	if standard.ID != topology.Identify("google_artifact_registry_repository", "p", "us", "apps") || standard.Address != "//artifactregistry.googleapis.com/projects/p/locations/us/repositories/apps" {
		t.Errorf("%s %s", standard.ID, standard.Address)
	}
	if standard.Mode.Or("") != "STANDARD_REPOSITORY" || !standard.Mode.Assumed || standard.Format.Or("") != "DOCKER" || standard.Upstream.Known() {
		t.Errorf("%+v", standard)
	}
	for text, want := range map[string]string{
		`{"dockerRepository":{"publicRepository":"DOCKER_HUB"}}`:                       "DOCKER_HUB",
		`{"dockerRepository":{"customRepository":{"uri":"https://registry.example"}}}`: "https://registry.example",
		`{"commonRepository":{"uri":"https://ghcr.io"}}`:                               "https://ghcr.io",
		`{"mavenRepository":{"publicRepository":"MAVEN_CENTRAL"}}`:                     "",
	} {
		r := repositoryOf(t, `{"name":"projects/p/locations/us/repositories/hub","mode":"REMOTE_REPOSITORY","remoteRepositoryConfig":`+text+`}`)
		if r.Upstream.Or("") != want || r.UpstreamAuthenticated {
			t.Errorf("%s: upstream %q", text, r.Upstream.Or(""))
		}
	}
	signed := repositoryOf(t, `{"name":"projects/p/locations/us/repositories/hub","mode":"REMOTE_REPOSITORY","remoteRepositoryConfig":{
		"upstreamCredentials":{"usernamePasswordCredentials":{"username":"u","passwordSecretVersion":"v"}}}}`)
	if !signed.UpstreamAuthenticated {
		t.Error("credentials are told, without what is in them")
	}
	virtual := repositoryOf(t, `{"name":"projects/p/locations/us/repositories/all","mode":"VIRTUAL_REPOSITORY","virtualRepositoryConfig":{"upstreamPolicies":[
		{"repository":"projects/7/locations/us/repositories/apps"},{"repository":"apps"}]}}`)
	if !virtual.MembersTold || len(virtual.Members) != 2 || virtual.Members[0].Or("") != standard.ID || virtual.Members[1].Known() {
		t.Errorf("members %v", virtual.Members)
	}
}

func TestVPCSCConfig(t *testing.T) {
	v := New("live")
	v.VPCSCConfig(&artifactregistrypb.VPCSCConfig{Name: "projects/p/locations/us/vpcscConfig", VpcscPolicy: artifactregistrypb.VPCSCConfig_ALLOW})
	v.VPCSCConfig(&artifactregistrypb.VPCSCConfig{Name: "projects/p/locations/eu/vpcscConfig"})
	f := v.Facts().VPCSC
	if f[0].Policy.Or("") != "ALLOW" || f[0].Project != "p" || f[0].Location != "us" || f[1].Policy.Or("") != "DENY" || !f[1].Policy.Assumed {
		t.Errorf("%+v %+v", f[0], f[1])
	}
}

// Perimeters name projects by number and clusters know theirs by ID.
func TestPerimeters(t *testing.T) {
	v := New("live")
	v.Perimeter(Perimeter{Name: "accessPolicies/1/servicePerimeters/prod", Resources: []string{"projects/7", "projects/8", "//compute.googleapis.com/projects/x/global/networks/n"}})
	v.PerimeterUnread("accessPolicies/1/servicePerimeters/odd", "broken")
	v.Project("p", 7, "")
	f := v.Facts().Perimeters
	if got := f[0].Projects.Or(nil); !slices.Equal(got, []string{"projects/p", "projects/8", "//compute.googleapis.com/projects/x/global/networks/n"}) {
		t.Errorf("projects %v", got)
	}
	if f[1].Projects.Known() || f[1].Restricted.Known() || f[1].EgressTo.Known() {
		t.Error("nothing is known of what could not be read")
	}
}

// Nothing of a cluster that could not be read passes.
func TestUnreadCluster(t *testing.T) {
	v := New("export")
	v.Unread("//container.googleapis.com/projects/p/zones/europe-west4-a/clusters/c", "broken")
	f := v.Facts().Clusters
	if len(f) != 1 || f[0].ID != topology.Identify("google_container_cluster", "p", "europe-west4-a", "c") || f[0].Pools[0].Private.Known() {
		t.Fatalf("%+v", f)
	}
}

// What a host of gcr.io leads to is the project's setting, for the repositories that stand for these hosts and no others.
func TestProjectSettings(t *testing.T) {
	settings := &artifactregistrypb.ProjectSettings{}
	if err := protojson.Unmarshal(recorded(t, "gcb1/artifact-registry-project-settings.json"), settings); err != nil {
		t.Fatal(err)
	}
	v := New("test")
	for _, name := range []string{"projects/p/locations/us/repositories/gcr.io", "projects/p/locations/us/repositories/apps", "projects/q/locations/us/repositories/gcr.io", "projects/r/locations/us/repositories/gcr.io"} {
		v.Repository(&artifactregistrypb.Repository{Name: name})
	}
	v.ProjectSettings("p", settings)
	v.ProjectSettingsUnread("q", "403: artifactregistry.projectsettings.get")
	got := map[string]string{}
	for _, r := range v.Facts().Repositories {
		got[r.Project+"/"+r.Name] = r.Redirection.Or(r.Redirection.Why())
	}
	want := map[string]string{"p/gcr.io": "REDIRECTION_FROM_GCR_IO_ENABLED", "p/apps": topology.NotTold, "q/gcr.io": "403: artifactregistry.projectsettings.get", "r/gcr.io": topology.NotTold}
	if !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
