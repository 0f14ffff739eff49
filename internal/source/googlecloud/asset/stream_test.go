package asset_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/asset"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// told writes what facts hold, and which collections were read, in a few words.
func told(f topology.Facts) []string {
	var out []string
	for _, r := range f.Readings {
		out = append(out, fmt.Sprintf("read %s of %s %s", r.Collection, r.Project, r.Refused))
	}
	for _, c := range f.Clusters {
		out = append(out, string(c.ID))
	}
	for _, s := range f.Subnetworks {
		out = append(out, string(s.ID))
	}
	for _, n := range f.NATs {
		out = append(out, string(n.ID))
	}
	for _, r := range f.RecordSets {
		out = append(out, string(r.ID))
	}
	for _, g := range f.Grants {
		out = append(out, string(g.ID))
	}
	for _, u := range f.Images {
		out = append(out, u.From+" "+u.Ref.Or(""))
	}
	slices.Sort(out)
	return out
}

var (
	theZone  = one("//dns.googleapis.com/projects/700/managedZones/55", "dns.googleapis.com/ManagedZone", `{"name":"pkg","id":"55","dnsName":"pkg.dev.","visibility":"private","privateVisibilityConfig":{"networks":[{"networkUrl":"`+compute+`global/networks/vpc"}]}}`)
	theEntry = one("//dns.googleapis.com/projects/700/managedZones/55/rrsets/pkg.dev./A", "dns.googleapis.com/ResourceRecordSet", `{"name":"pkg.dev.","type":"A","ttl":300,"rrdatas":["199.36.153.8"]}`)
	deleted  = strings.ReplaceAll(theEntry, "managedZones/55", "managedZones/66")
	rights   = granted("//cloudresourcemanager.googleapis.com/projects/700", "cloudresourcemanager.googleapis.com/Project", reads)
)

func everything() []string {
	return base(theEntry, deleted, theRouter, theZone, rights, workload, theStore)
}

// However an export is written, it says the same: compressed, in parts, in another order, with the names of a list call.
func TestForms(t *testing.T) {
	plain, notes := read(t, export(t, "assets.json", everything()...))
	if len(notes) != 0 {
		t.Errorf("notes %q", notes)
	}
	want := told(plain)
	for _, has := range []string{"google_container_cluster/shop/europe-west4/c", "google_dns_record_set/shop/global/pkg/pkg.dev./A", "read routers of shop ", "read dns of shop ", "read iam of shop "} {
		if !slices.Contains(want, has) {
			t.Fatalf("%s is missing: %q", has, want)
		}
	}
	if strings.Contains(strings.Join(want, " "), "66") || strings.Contains(strings.Join(want, " "), "700") {
		t.Errorf("records of a deleted zone, or a project by its number: %q", want)
	}
	backwards := slices.Clone(everything())
	slices.Reverse(backwards)
	camels := slices.Clone(everything())
	for i := range camels {
		camels[i] = camel(camels[i])
	}
	half := len(everything()) / 2
	spread := strings.ReplaceAll(strings.Join(everything(), "\r\n\n  "), `"asset_type":`, ` "asset_type" : `)
	for name, files := range map[string][]string{
		"camel case":     {export(t, "a.json", camels...)},
		"compressed":     {export(t, "a.json.gz", everything()...)},
		"backwards":      {export(t, "a.json", backwards...)},
		"given twice":    {export(t, "a.json", everything()...), export(t, "b.json", everything()...)},
		"blanks and CRs": {export(t, "a.json", "\xef\xbb\xbf\n\n"+spread)},
		"parts of which each names all": {export(t, "a.json", append(everything()[:half:half], theRouter, theZone, rights, workload, theStore)...),
			export(t, "b.json.gz", append(everything()[half:], theProject)...)},
	} {
		f, notes := read(t, files...)
		if diff := cmp.Diff(want, told(f)); diff != "" || len(notes) != 0 {
			t.Errorf("%s: %s%q", name, diff, notes)
		}
	}
}

// Names may give projects by number, and the data need not repeat them; who has which number may be told last.
func TestProjectsByNumber(t *testing.T) {
	numbers := strings.NewReplacer("projects/shop/", "projects/700/", `"selfLink"`, `"unread"`)
	lines := []string{theProject}
	for _, l := range everything() {
		if l != theProject {
			lines = append(lines, numbers.Replace(l))
		}
	}
	reversed := slices.Clone(lines)
	slices.Reverse(reversed)
	want, _ := read(t, export(t, "assets.json", everything()...))
	for name, order := range map[string][]string{"told first": lines, "told last": reversed} {
		f, notes := read(t, export(t, "assets.json", order...))
		if got, said := verdict(t, "nat-node-range", f); got != topology.Pass {
			t.Errorf("%s: %v: %s", name, got, said)
		}
		given := told(want)
		for i := range given {
			if strings.HasPrefix(given[i], "//") { // the address of a workload is the asset's own name
				given[i] = strings.Replace(given[i], "projects/shop/loc", "projects/700/loc", 1)
			}
		}
		slices.Sort(given)
		if diff := cmp.Diff(given, told(f)); diff != "" || len(notes) != 0 {
			t.Errorf("%s: %s%q", name, diff, notes)
		}
	}
}

// gzip is known by its content, whatever the file is called.
func TestCompressedUnderAnyName(t *testing.T) {
	path := export(t, "a.json.gz", everything()...)
	other := filepath.Join(t.TempDir(), "assets.json")
	if err := os.Rename(path, other); err != nil {
		t.Fatal(err)
	}
	if f, _ := read(t, other); len(f.Clusters) != 1 {
		t.Errorf("%d clusters", len(f.Clusters))
	}
}

// A line may be longer than any buffer.
func TestLongLines(t *testing.T) {
	long := one(names+"zones/z/instances/i", "compute.googleapis.com/Instance", `{"metadata":"`+strings.Repeat("x", 5<<20)+`"}`)
	wide := strings.Replace(theSubnet, `"name":"nodes"`, `"name":"nodes","description":"`+strings.Repeat("y", 3<<20)+`"`, 1)
	f, _ := read(t, export(t, "assets.json", long, wide, long))
	if len(f.Subnetworks) != 1 {
		t.Errorf("%d subnetworks", len(f.Subnetworks))
	}
}

// What is no export is refused in one line that names file, place and what was expected.
func TestRefuses(t *testing.T) {
	cut := theCluster[:len(theCluster)/2]
	for name, tc := range map[string]struct{ text, want string }{
		"empty":                          {"", "assets.json: is empty: expected an asset on each line"},
		"blank":                          {strings.Repeat("\n", 2000), "assets.json: is empty: expected an asset on each line"},
		"a JSON array":                   {"[" + theCluster + "]", "assets.json: is a JSON array: expected an asset on each line, as `gcloud asset export` writes them (jq -c '.[]'"},
		"a plan":                         {`{"format_version":"1.2","terraform_version":"1.11.4"}`, "assets.json: line 1: is what `terraform show -json` prints: give a plan with --plan"},
		"binary":                         {"\x7fELF\x02\x01\x00", "assets.json: is no JSON: expected an asset on each line"},
		"YAML":                           {"apiVersion: v1\n", "assets.json: is no JSON"},
		"cut short":                      {theNetwork + "\n" + cut, "assets.json: line 2: is cut short after"},
		"cut short where it matters not": {theNetwork + "\n" + aBucket[:len(aBucket)-1], "assets.json: line 2: is cut short after"},
		"over several lines":             {"{\n  \"name\": \"x\"\n}\n", "assets.json: line 1: ends within its JSON: expected an asset on each line"},
		"another object":                 {theNetwork + "\n{\"kind\":\"Pod\"}\n", "assets.json: line 2: is JSON, but no asset: expected an asset on each line"},
		"a text among the lines":         {theNetwork + "\nnull\n", "assets.json: line 2: is JSON, but no asset"},
		"a line that is no JSON":         {theNetwork + "\nERROR: quota exceeded\n" + theSubnet, "assets.json: line 2, byte 1: is broken JSON: expected an asset on each line"},
		"a name that is no text":         {`{"name":7,"asset_type":"compute.googleapis.com/Router"}`, "assets.json: line 1: is JSON, but no asset"},
		"two assets on a line":           {aBucket + theSubnet + "\n" + theNetwork, "assets.json: line 1: has more than one asset: expected"},
		"a compressed file cut short":    {"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff\x00", "the compressed file is cut short"},
		"a gzip header alone":            {"\x1f\x8bnothing of the kind", "assets.json: begins as gzip does, and is none"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "assets.json")
			if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, _, err := asset.Read(context.Background(), []string{path}, asset.Options{})
			if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v\nwant %s", err, tc.want)
			}
		})
	}
	if _, _, err := asset.Read(context.Background(), []string{filepath.Join(t.TempDir(), "none.json")}, asset.Options{}); err == nil || !strings.Contains(err.Error(), "none.json: no such file or directory: expected an asset export") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// Ctrl-C ends reading at once, wherever it is.
func TestInterrupted(t *testing.T) {
	lines := slices.Repeat(everything(), 2000)
	ctx, cancel := context.WithCancel(context.Background())
	heard := 0
	_, _, err := asset.Read(ctx, []string{export(t, "assets.json.gz", lines...)}, asset.Options{Progress: func(_ string, n int) {
		if heard = max(heard, n); n > 0 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || heard == 0 || heard > len(lines)/2 {
		t.Errorf("%v after %d of %d lines", err, heard, len(lines))
	}
}

// Thousands of assets that cannot be read are as many words as ten.
func TestNotes(t *testing.T) {
	broken := one(names+"global/firewalls/f", "compute.googleapis.com/Firewall", `{"name":"f","priority":"high"}`)
	f, notes := read(t, export(t, "assets.json", slices.Repeat([]string{broken}, 25)...))
	if len(notes) != 11 || notes[10] != "15 more assets could not be read" || strings.ContainsRune(notes[0], '\u00a0') {
		t.Errorf("%q", notes)
	}
	if got := told(f); len(got) != 1 || !strings.HasPrefix(got[0], "read firewalls of shop //compute.googleapis.com/projects/shop/global/firewalls/f could not be read: ") {
		t.Errorf("%q", got)
	}
}

// Progress hears of a file from time to time and once more at its end, also where it ends in an error; ten assets that cannot be read are all named.
func TestProgress(t *testing.T) {
	var heard []string
	progress := asset.Options{Progress: func(name string, n int) { heard = append(heard, fmt.Sprintf("%s %d", filepath.Base(name), n)) }}
	first, second := export(t, "a.json", slices.Repeat([]string{aBucket}, 9000)...), export(t, "b.json", theNetwork)
	broken := export(t, "c.json", theNetwork, "nothing")
	if _, _, err := asset.Read(context.Background(), []string{first, second}, progress); err != nil {
		t.Fatal(err)
	}
	_, _, err := asset.Read(context.Background(), []string{second, broken}, progress)
	if err == nil || !strings.Contains(err.Error(), "c.json: line 2, byte 2: is broken JSON") {
		t.Errorf("the second of two files: %v", err)
	}
	if diff := cmp.Diff([]string{"a.json 4096", "a.json 8192", "a.json 0", "b.json 0", "b.json 0", "c.json 0"}, heard); diff != "" {
		t.Error(diff)
	}
	if f, _ := read(t, first, second); len(f.Networks) != 1 {
		t.Error("without anybody to hear of it nothing is read")
	}
	bad := one(names+"global/firewalls/f", "compute.googleapis.com/Firewall", `{"name":"f","priority":"high"}`)
	if _, notes := read(t, export(t, "assets.json", slices.Repeat([]string{bad}, 10)...)); len(notes) != 10 || strings.Contains(notes[9], "more assets") {
		t.Errorf("%q", notes)
	}
}
