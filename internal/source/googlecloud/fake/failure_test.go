package fake

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	compute "cloud.google.com/go/compute/apiv1"
	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"github.com/googleapis/gax-go/v2/apierror"
	"google.golang.org/api/googleapi"
)

// The official clients take the fake's errors for Google's: code, reason and details.
func TestErrorsAreGoogles(t *testing.T) {
	listClusters := func(s *Server) error {
		_, err := clustersOf(t, s).ListClusters(t.Context(), &containerpb.ListClustersRequest{Parent: "projects/shop/locations/-"}, once())
		return err
	}
	getNetwork := func(s *Server) error {
		_, err := networksOf(t, s).Get(t.Context(), &computepb.GetNetworkRequest{Project: "shop", Network: "main"}, once())
		return err
	}
	listZones := func(s *Server) error {
		_, err := zonesOf(t, s).ManagedZones.List("shop").Do()
		return err
	}
	getRepository := func(s *Server) error {
		_, err := registryOf(t, s).GetRepository(t.Context(), &artifactregistrypb.GetRepositoryRequest{Name: "projects/shop/locations/europe-west1/repositories/apps"}, once())
		return err
	}
	for _, tc := range []struct {
		name   string
		fault  Fault
		call   func(*Server) error
		code   int
		says   string
		reason string
	}{
		{"a refusal of GKE", Denied(), listClusters, 403, `Required "container.clusters.list" permission(s) for "projects/shop/locations/-/clusters"`, "IAM_PERMISSION_DENIED"},
		{"a refusal of Compute Engine", Denied(), getNetwork, 403, "Required 'compute.networks.get' permission for 'projects/shop/global/networks/main'", ""},
		{"a refusal of Cloud DNS names no permission", Denied(), listZones, 403, "Forbidden", ""},
		{"a refusal of Artifact Registry hides what is missing", Denied(), getRepository, 403, "'artifactregistry.repositories.get' denied on resource '//artifactregistry.googleapis.com/projects/shop/locations/europe-west1/repositories/apps' (or it may not exist)", "IAM_PERMISSION_DENIED"},
		{"a service that is off", Disabled(), getNetwork, 403, "has not been used in project shop", "SERVICE_DISABLED"},
		{"a service that is off, for DNS", Disabled(), listZones, 403, "dns.googleapis.com has not been used", "SERVICE_DISABLED"},
		{"an expired token", Expired(), listClusters, 401, "invalid authentication credentials", "ACCESS_TOKEN_EXPIRED"},
		{"an object that is gone", Gone(), getNetwork, 404, "The resource 'projects/shop/global/networks/main' was not found", ""},
		{"a used up quota", Busy(0), listClusters, 429, "Quota exceeded", "RATE_LIMIT_EXCEEDED"},
		{"a service that is down", Unavailable(0), getNetwork, 503, "currently unavailable", ""},
		{"a server error", Status(500, "oops"), getRepository, 500, "500", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := start(t, shop())
			s.Fault(Match{}, tc.fault)
			err := tc.call(s)
			code, reason := read(t, err)
			if code != tc.code || reason != tc.reason || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%d %q %v, want %d %q %s", code, reason, err, tc.code, tc.reason, tc.says)
			}
			if calls := s.Calls(); len(calls) != 1 || calls[0].Status != tc.code {
				t.Errorf("calls %v", calls)
			}
		})
	}
}

// read is the code of an error, and the reason in its details. The parser of the newer clients refuses bodies that list errors as well, as those of
// the older APIs do; what is in them is read from the body.
func read(t *testing.T, err error) (int, string) {
	t.Helper()
	var plain *googleapi.Error
	if !errors.As(err, &plain) {
		t.Fatalf("%v is no error of an API", err)
	}
	var body struct {
		Error struct{ Details []struct{ Reason string } }
	}
	if json.Unmarshal([]byte(plain.Body), &body) != nil || len(body.Error.Details) == 0 {
		return plain.Code, ""
	}
	var parsed *apierror.APIError
	if reason := body.Error.Details[0].Reason; !errors.As(err, &parsed) || parsed.Reason() == "" || parsed.Reason() == reason {
		return plain.Code, reason
	}
	t.Fatalf("%v gives another reason than its body: %s", err, plain.Body)
	return 0, ""
}

// The older APIs give a list of reasons, and a status only with details; the newer ones a status.
func TestErrorForms(t *testing.T) {
	s := start(t, shop())
	s.Fault(Match{}, Denied())
	for path, want := range map[string]string{
		"/compute/v1/projects/shop/global/routes":          "code errors message",
		"/dns/v1/projects/shop/managedZones":               "code errors message",
		"/container/v1/projects/shop/locations/-/clusters": "code details message status",
	} {
		_, body, header := raw(t, s, http.MethodGet, path)
		var e struct{ Error map[string]any }
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			t.Fatal(err)
		}
		if got := fields(e.Error); got != want || !strings.HasPrefix(header.Get("Content-Type"), "application/json") {
			t.Errorf("%s: fields %s, want %s; %s", path, got, want, header.Get("Content-Type"))
		}
	}
}

// What is not there, not allowed, or no path of Google's.
func TestRefused(t *testing.T) {
	for _, tc := range []struct {
		name, method, path string
		code               int
		says               string
	}{
		{"a missing network", "GET", "/compute/v1/projects/shop/global/networks/none", 404, "'projects/shop/global/networks/none' was not found"},
		{"a subnetwork of another region", "GET", "/compute/v1/projects/shop/regions/us-east1/subnetworks/a", 404, "was not found"},
		{"a missing cluster", "GET", "/container/v1/projects/shop/locations/europe-west1/clusters/none", 404, "Not found: projects/shop/locations/europe-west1/clusters/none."},
		{"a missing repository", "GET", "/artifactregistry/v1/projects/shop/locations/us/repositories/none", 404, "Requested entity was not found."},
		{"records of a missing zone", "GET", "/dns/v1/projects/shop/managedZones/none/rrsets", 404, "named 'none' does not exist"},
		{"a missing role", "GET", "/iam/v1/projects/shop/roles/none", 404, "was not found"},
		{"another project", "GET", "/compute/v1/projects/other/global/networks", 403, "Required 'compute.networks.list' permission for 'projects/other/global/networks'"},
		{"another folder", "POST", "/cloudresourcemanager/v3/folders/1:getIamPolicy", 403, "The caller does not have permission"},
		{"a doubled slash", "GET", "/container//v1/projects/shop/locations/-/clusters", 404, "not found on this server"},
		{"a version twice", "GET", "/compute/v1/compute/v1/projects/shop/global/networks", 404, "not found on this server"},
		{"a policy by GET", "GET", "/cloudresourcemanager/v3/projects/shop:getIamPolicy", 404, "not found on this server"},
		{"a filter that is none", "GET", "/compute/v1/projects/shop/global/routes?filter=(a%20or%20b)", 400, "filter"},
		{"a filter by no field", "GET", "/compute/v1/projects/shop/global/routes?filter=nonsense%3D1", 400, "nonsense"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := start(t, shop())
			if code, body, _ := raw(t, s, tc.method, tc.path); code != tc.code || !strings.Contains(body, tc.says) {
				t.Errorf("%d %s, want %d %s", code, body, tc.code, tc.says)
			}
			if c := s.Calls(); len(c) != 1 || c[0].Status != tc.code {
				t.Errorf("calls %v", c)
			}
		})
	}
}

// A Retry-After is a header in full seconds, and the next call may do better.
func TestBusyForOneCall(t *testing.T) {
	s := start(t, shop())
	s.Fault(Match{Path: "/compute/v1/projects/*/global/routes"}, Busy(2*time.Second).First(1))
	code, _, header := raw(t, s, "GET", "/compute/v1/projects/shop/global/routes")
	if code != 429 || header.Get("Retry-After") != "2" {
		t.Errorf("%d, Retry-After %q", code, header.Get("Retry-After"))
	}
	if code, _, _ = raw(t, s, "GET", "/compute/v1/projects/shop/global/routes"); code != 200 {
		t.Errorf("the second call is answered %d", code)
	}
	if code, _, _ = raw(t, s, "GET", "/compute/v1/projects/shop/global/networks"); code != 200 {
		t.Errorf("another call is answered %d", code)
	}
}

// Filters leave what they say.
func TestFilters(t *testing.T) {
	s := start(t, shop())
	for filter, want := range map[string]int{
		`network="https://www.googleapis.com/compute/v1/projects/shop/global/networks/main"`: 1,
		`network eq ".*/networks/main"`:                          1,
		`(network ne ".*/networks/main")`:                        1,
		`network = "main"`:                                       0,
		`destRange = "0.0.0.0/0" AND network : "networks/other"`: 1,
	} {
		c, err := compute.NewRoutesRESTClient(t.Context(), to(s, "")...)
		found, err := all(closing(t, c, err).List(t.Context(), &computepb.ListRoutesRequest{Project: "shop", Filter: &filter}).Next)
		if err != nil || len(found) != want {
			t.Errorf("%s: %v, %d routes, want %d", filter, err, len(found), want)
		}
	}
}
