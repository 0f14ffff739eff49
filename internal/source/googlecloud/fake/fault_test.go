package fake

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/compute/apiv1/computepb"
	"cloud.google.com/go/container/apiv1/containerpb"
	"google.golang.org/api/googleapi"
)

// fields are the sorted names of an object's fields.
func fields[V any](of map[string]V) string { return strings.Join(slices.Sorted(maps.Keys(of)), " ") }

// What breaks on the way is an error of the connection or of decoding, and never an answer.
func TestBrokenAnswers(t *testing.T) {
	for _, f := range []Fault{Reset(), Truncated(), NotJSON()} {
		t.Run(f.Name, func(t *testing.T) {
			s := start(t, shop())
			s.Fault(Match{API: "container"}, f)
			_, err := clustersOf(t, s).ListClusters(t.Context(), &containerpb.ListClustersRequest{Parent: "projects/shop/locations/-"}, once())
			var api *googleapi.Error
			if err == nil || errors.As(err, &api) {
				t.Errorf("%v", err)
			}
			if len(s.Calls()) == 0 {
				t.Error("the call was not counted")
			}
		})
	}
}

// A call that hangs ends with its caller, or with the server.
func TestHang(t *testing.T) {
	s := start(t, shop())
	s.Fault(Match{}, Hang())
	ctx, cancel := context.WithCancel(t.Context())
	answered := make(chan error)
	go func() {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/compute/v1/projects/shop", nil)
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+demoToken)
			_, err = http.DefaultTransport.RoundTrip(req) //nolint:bodyclose // there is no answer
		}
		answered <- err
	}()
	for s.Waiting() == 0 {
		if ctx.Err() != nil {
			t.Fatal("the call never came")
		}
		runtime.Gosched()
	}
	cancel()
	if err := <-answered; !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Pages that lead nowhere, or back.
func TestOddPages(t *testing.T) {
	list := func(s *Server, most int) (int, error) {
		it := networksOf(t, s).List(t.Context(), &computepb.ListNetworksRequest{Project: "shop"})
		for n := range most {
			if _, err := it.Next(); err != nil {
				return n, err
			}
		}
		return most, nil
	}
	t.Run("an empty page first", func(t *testing.T) {
		s := start(t, shop())
		s.Fault(Match{}, EmptyPage())
		if n, err := list(s, 10); n != 2 || err == nil || len(s.Calls()) != 2 || !s.Calls()[1].Page() {
			t.Errorf("%d networks, %v, %d calls", n, err, len(s.Calls()))
		}
	})
	t.Run("a circle", func(t *testing.T) {
		s := start(t, shop())
		s.Fault(Match{}, Loop())
		if n, err := list(s, 10); n != 10 || err != nil {
			t.Errorf("%d networks, %v", n, err)
		}
	})
	t.Run("the second page only", func(t *testing.T) {
		s := start(t, shop())
		s.Pages(1)
		s.Fault(Match{Pages: true}, Denied())
		n, err := list(s, 10)
		if code, _ := read(t, err); n != 1 || code != 403 {
			t.Errorf("%d networks, %v", n, err)
		}
	})
}

// A partial answer says what it lacks, where its API can.
func TestPartial(t *testing.T) {
	s := start(t, shop())
	s.Fault(Match{}, Partial())
	for path, want := range map[string]string{
		"/container/v1/projects/shop/locations/-/clusters":                         `"missingZones"`,
		"/compute/v1/projects/shop/aggregated/subnetworks":                         `"unreachables"`,
		"/networkconnectivity/v1/projects/shop/locations/global/policyBasedRoutes": `"unreachable"`,
	} {
		if code, body, _ := raw(t, s, "GET", path); code != 200 || !strings.Contains(body, want) || strings.Contains(body, "pods") {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	for _, c := range s.Calls() {
		if !c.HasPartial() {
			t.Errorf("%s has a field for it", c.Path)
		}
	}
}

// Of faults that match, the latest strikes; Forget heals.
func TestFaultsByMatch(t *testing.T) {
	s := start(t, shop())
	s.Fault(Match{API: "compute"}, Gone())
	s.Fault(Match{Permission: "compute.routes.list"}, Denied())
	for path, want := range map[string]int{"/compute/v1/projects/shop/global/routes": 403, "/compute/v1/projects/shop/global/networks": 404, "/dns/v1/projects/shop/policies": 200} {
		if code, _, _ := raw(t, s, "GET", path); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
	s.Forget()
	if code, _, _ := raw(t, s, "GET", "/compute/v1/projects/shop/global/routes"); code != 200 || len(s.Calls()) != 1 {
		t.Errorf("%d after Forget, %d calls", code, len(s.Calls()))
	}
}

// An account that holds some permissions is refused the rest.
func TestGrant(t *testing.T) {
	s := start(t, shop())
	s.Grant([]string{"compute.routes.list"})
	for path, want := range map[string]int{"/compute/v1/projects/shop/global/routes": 200, "/compute/v1/projects/shop/global/networks": 403} {
		if code, _, _ := raw(t, s, "GET", path); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
	}
}
