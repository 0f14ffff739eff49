package fake

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	compute "cloud.google.com/go/compute/apiv1"
	container "cloud.google.com/go/container/apiv1"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	"github.com/googleapis/gax-go/v2"
	"golang.org/x/oauth2"
	"google.golang.org/api/dns/v1"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
)

const demoToken = "a-token"

func start(t *testing.T, w World) *Server {
	t.Helper()
	s, err := Start(w)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// to are the options of an official client of an API: where the clients add a version and a path of their own, the endpoint is what is before it.
func to(s *Server, before string) []option.ClientOption {
	return []option.ClientOption{option.WithEndpoint(s.URL + before), option.WithTokenSource(oauth2.StaticTokenSource(&oauth2.Token{AccessToken: demoToken}))}
}

// once keeps a client from asking again what was refused.
func once() gax.CallOption { return gax.WithRetry(nil) }

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func routersOf(t *testing.T, s *Server) *compute.RoutersClient {
	t.Helper()
	c, err := compute.NewRoutersRESTClient(t.Context(), to(s, "")...)
	return closing(t, c, err)
}

func subnetworksOf(t *testing.T, s *Server) *compute.SubnetworksClient {
	t.Helper()
	c, err := compute.NewSubnetworksRESTClient(t.Context(), to(s, "")...)
	return closing(t, c, err)
}

func networksOf(t *testing.T, s *Server) *compute.NetworksClient {
	t.Helper()
	c, err := compute.NewNetworksRESTClient(t.Context(), to(s, "")...)
	return closing(t, c, err)
}

func clustersOf(t *testing.T, s *Server) *container.ClusterManagerClient {
	t.Helper()
	c, err := container.NewClusterManagerRESTClient(t.Context(), to(s, "/container")...)
	return closing(t, c, err)
}

func registryOf(t *testing.T, s *Server) *artifactregistry.Client {
	t.Helper()
	c, err := artifactregistry.NewRESTClient(t.Context(), to(s, "/artifactregistry")...)
	return closing(t, c, err)
}

func projectsOf(t *testing.T, s *Server) *resourcemanager.ProjectsClient {
	t.Helper()
	c, err := resourcemanager.NewProjectsRESTClient(t.Context(), to(s, "/cloudresourcemanager")...)
	return closing(t, c, err)
}

func zonesOf(t *testing.T, s *Server) *dns.Service {
	t.Helper()
	c, err := dns.NewService(t.Context(), to(s, "")...)
	return must(t, c, err)
}

func closing[T io.Closer](t *testing.T, c T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// all are what an iterator gives, to its end.
func all[T any](next func() (T, error)) ([]T, error) {
	var out []T
	for {
		item, err := next()
		if errors.Is(err, iterator.Done) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		out = append(out, item)
	}
}

// raw asks without a client.
func raw(t *testing.T, s *Server, method, path string) (int, string, http.Header) {
	t.Helper()
	req := sure(http.NewRequestWithContext(t.Context(), method, s.URL+path, nil))
	req.Header.Set("Authorization", "Bearer "+demoToken)
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

// sure is what a call gives where nothing goes wrong.
func sure[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// recordings is a folder of recorded answers beside the module.
func recordings(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "..", "..", "shared", "recorded", name)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("the recorded answers are not here: %v", err)
	}
	return dir
}

// shop is a small world of one project: a covered cluster, one that is not, a zone, a repository.
func shop() World {
	return World{Above: []Ancestor{{Name: "folders/7", Parent: "organizations/9", Policy: Allow("roles/viewer", "group:all@example.com")}, {Name: "organizations/9"}},
		Projects: []Project{{ID: "shop", Number: 42, Parent: "folders/7",
			Networks:     []*computeNetwork{VPC("main"), VPC("other")},
			Subnetworks:  []*computeSubnetwork{Subnet("a", "europe-west1", "main", "10.0.0.0/20", Range("pods", "10.4.0.0/14")), WithGoogleAccess(Subnet("b", "us-east1", "main", "10.0.16.0/20")), Subnet("c", "europe-west1", "main", "10.0.32.0/20")},
			Routers:      []Router{NAT("nat", "europe-west1", "main", AllRanges("a")), NAT("rest", "us-east1", "main")},
			Routes:       []*computeRoute{DefaultRoute("main"), DefaultRoute("other")},
			Clusters:     []*gkeCluster{PrivateCluster("one", "europe-west1", "main", "a", "pods", ""), Cluster("two", "us-east1-b", "main", "b", "", "")},
			Zones:        []Zone{PrivateZone("google", "pkg.dev.", []string{"main"}, [2]string{"pkg.dev.", "199.36.153.8"}, [2]string{"*.pkg.dev.", "199.36.153.8"})},
			Repositories: []Repository{DockerRepository("europe-west1", "apps", Allow("roles/artifactregistry.reader", "serviceAccount:42-compute@developer.gserviceaccount.com"))},
			Policy:       Allow("roles/editor", "serviceAccount:42-compute@developer.gserviceaccount.com"),
		}}}
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }
