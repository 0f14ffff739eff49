// Package house holds the walls: which room may import which, and what no room may hold.
package house

import (
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/gkepreflight/terraform-provider-gkepreflight/"

// room is a folder and what its packages, tests aside, may import. Rooms to its left are allowed, and no others of ours.
type room struct {
	folder string
	ours   []string
	// others are the modules of third parties it may import by prefix; nil allows all but the refused ones.
	others []string
	// refused are imports by prefix that it may not have, the standard library's included.
	refused []string
}

// outside is what reaches out of the process: files, network, environment, clock and chance.
var outside = []string{"os", "net", "net/http", "net/url", "io/fs", "io/ioutil", "path/filepath", "log", "syscall", "runtime", "math/rand", "math/rand/v2", "crypto/rand", "embed"}

var googleAPIs = []string{"google.golang.org/api", "cloud.google.com/go", "google.golang.org/grpc"}

var rooms = []room{
	{folder: "internal/topology", others: []string{}, refused: append([]string{"time"}, outside...)},
	{folder: "internal/egress", ours: []string{"internal/topology"}, others: []string{}, refused: append([]string{"time"}, outside...)},
	{folder: "internal/image", ours: []string{"internal/topology"}, others: []string{"github.com/distribution/reference", "github.com/go-json-experiment/json", "go.yaml.in/yaml", "k8s.io/api", "k8s.io/apimachinery"}, refused: []string{"net/http", "net/url", "net"}},
	{folder: "internal/checks", ours: []string{"internal/topology", "internal/egress", "internal/image"}, others: []string{"github.com/agext/levenshtein"}, refused: outside},
	{folder: "internal/report", ours: []string{"internal/topology", "internal/egress", "internal/checks", "internal/report"}, refused: append([]string{"os", "net/http"}, googleAPIs...)},
	{folder: "internal/settings", ours: []string{"internal/checks"}, others: []string{"go.yaml.in/yaml"}, refused: []string{"net", "net/http", "time"}},
	{folder: "internal/source/terraform", ours: []string{"internal/topology", "internal/image", "internal/source/terraform"}, refused: append([]string{"net/http"}, googleAPIs...)},
	{folder: "internal/retry", others: []string{}, refused: []string{"os"}},
	{folder: "internal/source/googlecloud", ours: []string{"internal/topology", "internal/image", "internal/retry", "internal/source/googlecloud"}, refused: []string{"github.com/hashicorp"}},
	{folder: "internal/registry", ours: []string{"internal/topology", "internal/image", "internal/retry"}, refused: []string{"github.com/hashicorp"}},
	{folder: "internal/runtask", ours: []string{"internal/topology", "internal/source/terraform", "internal/checks", "internal/report", "internal/settings", "internal/registry"},
		others: []string{"github.com/hashicorp/go-retryablehttp", "github.com/prometheus/client_golang"}, refused: []string{"os"}},
}

// TestWalls holds every package against its room.
func TestWalls(t *testing.T) {
	entered := map[string]bool{}
	for _, f := range sources(t) {
		if f.test {
			continue
		}
		r, found := roomOf(f.folder)
		if !found {
			continue
		}
		entered[r.folder] = true
		for _, imported := range f.imports {
			if why := r.refuses(imported); why != "" {
				t.Errorf("%s imports %s: %s", f.name, imported, why)
			}
		}
	}
	for _, folder := range []string{"internal/topology", "internal/egress", "internal/image", "internal/checks", "internal/report", "internal/source/terraform"} {
		if !entered[folder] {
			t.Errorf("%s holds no Go file: its wall guards nothing", folder)
		}
	}
}

func roomOf(folder string) (room, bool) {
	for _, r := range rooms {
		if folder == r.folder || strings.HasPrefix(folder, r.folder+"/") {
			return r, true
		}
	}
	return room{}, false
}

// refuses says why a room may not have an import; empty when it may.
func (r room) refuses(imported string) string {
	if ours, is := strings.CutPrefix(imported, module); is {
		if ours == r.folder || slices.ContainsFunc(r.ours, func(o string) bool { return within(ours, o) }) {
			return ""
		}
		return "a room imports only rooms to its left"
	}
	standard := !strings.Contains(strings.SplitN(imported, "/", 2)[0], ".")
	for _, p := range r.refused {
		if imported == p || !standard && within(imported, p) {
			return "refused in " + r.folder
		}
	}
	if standard || r.others == nil || slices.ContainsFunc(r.others, func(o string) bool { return within(imported, o) }) {
		return ""
	}
	return r.folder + " takes nothing of third parties but " + strings.Join(r.others, ", ")
}

func within(name, prefix string) bool {
	return name == prefix || strings.HasPrefix(name, prefix+"/")
}

// The walls themselves: imports that must be refused, and their neighbours that must not.
func TestWallsRefuse(t *testing.T) {
	for _, tc := range []struct {
		folder, imported string
		refused          bool
	}{
		{"internal/topology", module + "internal/image", true},
		{"internal/topology", "github.com/zclconf/go-cty/cty", true},
		{"internal/topology", "net/netip", false},
		{"internal/topology", "time", true},
		{"internal/egress", module + "internal/topology", false},
		{"internal/egress", module + "internal/checks", true},
		{"internal/egress", "golang.org/x/net/idna", true},
		{"internal/checks", module + "internal/source/terraform", true},
		{"internal/checks", module + "internal/report", true},
		{"internal/checks", "os", true},
		{"internal/checks", "github.com/hashicorp/hcl/v2", true},
		{"internal/image", "net/http", true},
		{"internal/image", "net/netip", false},
		{"internal/report", module + "internal/source/terraform", true},
		{"internal/source/terraform", module + "internal/checks", true},
		{"internal/source/terraform/configuration", module + "internal/source/terraform", false},
		{"internal/source/terraform", "google.golang.org/api/compute/v1", true},
		{"internal/source/terraform", "github.com/hashicorp/hcl/v2", false},
		{"internal/source/googlecloud", module + "internal/source/terraform", true},
		{"internal/runtask", module + "internal/source/terraform", false},
		{"internal/runtask", module + "internal/source/googlecloud", true},
		{"internal/runtask", module + "internal/provider", true},
		{"internal/runtask", "net/http", false},
		{"internal/runtask", "os", true},
	} {
		r, found := roomOf(tc.folder)
		if !found {
			t.Fatalf("%s is no room", tc.folder)
		}
		if got := r.refuses(tc.imported) != ""; got != tc.refused {
			t.Errorf("%s imports %s: refused %v, want %v", tc.folder, path.Base(tc.imported), got, tc.refused)
		}
	}
}
