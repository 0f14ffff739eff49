package topology

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Every question tells of the collection it reads, once: what a check declares is held against it.
func TestEveryQuestionTellsWhatItReads(t *testing.T) {
	network := Known(Identify("network", "p", "global", "a"), Origin{})
	for name, q := range map[string]struct {
		ask  func(*Topology)
		want Collection
	}{
		"Clusters":       {func(t *Topology) { t.Clusters() }, Clusters},
		"Cluster":        {func(t *Topology) { t.Cluster("x") }, Clusters},
		"Network":        {func(t *Topology) { t.Network("x") }, Networks},
		"Seen":           {func(t *Topology) { t.Seen(Routes, network) }, Networks},
		"Subnetwork":     {func(t *Topology) { t.Subnetwork("x") }, Subnetworks},
		"Subnetworks":    {func(t *Topology) { t.Subnetworks() }, Subnetworks},
		"Router":         {func(t *Topology) { t.Router("x") }, Routers},
		"NATs":           {func(t *Topology) { t.NATs() }, Routers},
		"NATsListing":    {func(t *Topology) { t.NATsListing("x") }, Routers},
		"Routes":         {func(t *Topology) { t.Routes() }, Routes},
		"Firewalls":      {func(t *Topology) { t.Firewalls() }, Firewalls},
		"Zones":          {func(t *Topology) { t.Zones() }, DNS},
		"RecordSets":     {func(t *Topology) { t.RecordSets() }, DNS},
		"Responses":      {func(t *Topology) { t.Responses() }, DNS},
		"NameServers":    {func(t *Topology) { t.NameServers() }, DNS},
		"Endpoints":      {func(t *Topology) { t.Endpoints() }, Endpoints},
		"Images":         {func(t *Topology) { t.Images() }, Images},
		"ImagesOf":       {func(t *Topology) { t.ImagesOf("x") }, Images},
		"Masquerades":    {func(t *Topology) { t.Masquerades() }, Masquerades},
		"DeferredReads":  {func(t *Topology) { t.DeferredReads() }, Deferred},
		"Repositories":   {func(t *Topology) { t.Repositories() }, Repositories},
		"VPCSC":          {func(t *Topology) { t.VPCSC() }, Repositories},
		"Accounts":       {func(t *Topology) { t.Accounts() }, IAM},
		"Grants":         {func(t *Topology) { t.Grants() }, IAM},
		"GrantsReaching": {func(t *Topology) { t.GrantsReaching("p") }, IAM},
		"Roles":          {func(t *Topology) { t.Roles() }, IAM},
		"Perimeters":     {func(t *Topology) { t.Perimeters() }, Perimeters},
		"Secrets":        {func(t *Topology) { t.Secrets() }, Secrets},
		"Answers":        {func(t *Topology) { t.Answers() }, Answers},
		"Answer":         {func(t *Topology) { t.Answer("x") }, Answers},
	} {
		t.Run(name, func(t *testing.T) {
			var read []Collection
			q.ask(New(Facts{}).Watched(func(c Collection) { read = append(read, c) }))
			if !slices.Equal(read, []Collection{q.want}) {
				t.Errorf("read %v, want %s", read, q.want)
			}
		})
	}
}

// Images run on the cluster that a source joins them to; those of no known cluster may run on any.
func TestImagesOf(t *testing.T) {
	use := func(from string, cluster Value[ID]) *ImageUse { return &ImageUse{From: from, Cluster: cluster} }
	a, b, nowhere := Known(ID("a"), Origin{}), Known(ID("b"), Origin{}), Unknown[ID]("no cluster named", Origin{})
	for name, tc := range map[string]struct {
		uses    []*ImageUse
		cluster ID
		want    string
	}{
		"its own":                        {[]*ImageUse{use("x", a), use("y", b), use("z", a)}, "a", "x z"},
		"and those of nobody":            {[]*ImageUse{use("x", a), use("y", b), use("z", nowhere)}, "a", "x z"},
		"a cluster without its own":      {[]*ImageUse{use("x", a), use("z", nowhere)}, "c", "z"},
		"trap: another cluster's, alone": {[]*ImageUse{use("x", a)}, "b", ""},
	} {
		t.Run(name, func(t *testing.T) {
			top := New(Facts{Images: tc.uses})
			for range 2 { // asking changes nothing
				var got []string
				for _, u := range top.ImagesOf(tc.cluster) {
					got = append(got, u.From)
				}
				if strings.Join(got, " ") != tc.want {
					t.Errorf("got %v, want %s", got, tc.want)
				}
			}
		})
	}
}

// A gateway lists a subnetwork once, however many entries it has for it.
func TestNATsListing(t *testing.T) {
	entry := func(id ID) NATEntry { return NATEntry{Subnetwork: Known(id, Origin{})} }
	top := New(Facts{NATs: []*NAT{
		{Object: Object{ID: "2", Address: "b"}, Entries: []NATEntry{entry("gke"), entry("gke"), entry("vm")}},
		{Object: Object{ID: "1", Address: "a"}, Entries: []NATEntry{entry("gke"), {}}},
	}})
	for id, want := range map[ID]string{"gke": "a b", "vm": "b", "": "", "other": ""} {
		var got []string
		for _, n := range top.NATsListing(id) {
			got = append(got, n.Address)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", id, got, want)
		}
	}
}

// Whoever looks for one identity stops when it is found: nothing is told after that, whatever collection it was in.
func TestIdentitiesStop(t *testing.T) {
	var all []ID
	f := populated("plan", true, "a", "b")
	f.Images[0].Object.ID, f.Images[1].Object.ID = "workload:a", "workload:b"
	for i, v := 0, reflect.ValueOf(&f).Elem(); i < v.NumField(); i++ {
		if name := v.Type().Field(i).Name; v.Field(i).Len() > 0 || name == "Readings" {
			continue
		}
		fact := reflect.New(v.Field(i).Type().Elem().Elem())
		fact.Elem().FieldByName("Object").Set(reflect.ValueOf(Object{ID: ID("only " + v.Type().Field(i).Name)}))
		v.Field(i).Set(reflect.Append(v.Field(i), fact))
	}
	for id := range f.Identities {
		all = append(all, id)
	}
	for stop := range all {
		told := 0
		f.Identities(func(ID, *Object) bool { told++; return told <= stop })
		if told != stop+1 {
			t.Errorf("stopped at identity %d, %s: %d were told", stop, all[stop], told)
		}
	}
	for i, v := 0, reflect.ValueOf(f); i < v.NumField(); i++ {
		name := v.Type().Field(i).Name
		for j := range v.Field(i).Len() {
			if name == "Firewalls" {
				break // known by their priority, see below
			}
			if id := ID(v.Field(i).Index(j).Elem().FieldByName("Object").FieldByName("ID").String()); !slices.Contains(all, id) {
				t.Errorf("%s: %s is not told", name, id)
			}
		}
	}
	for _, want := range []ID{"google_container_node_pool/p/r/a/a2", "policyb#1#network/p/r/b", "iam_grant/p/global/p/rolea/ma", "workload:b", "only VPCSC", "only Ancestries"} {
		if !slices.Contains(all, want) {
			t.Errorf("%s is not among %v", want, all)
		}
	}
}

// A refusal counts where something should have been read; what nobody tried is Google's default.
func TestRefused(t *testing.T) {
	id := Identify("network", "p", "global", "a")
	managed := func(yes bool) []*Network {
		n := net("a", "plan", yes)
		n.Project = "p"
		return []*Network{n}
	}
	refused := []Reading{{Collection: Routes, Project: "p", Refused: "403: compute.routes.list"}}
	for name, tc := range map[string]struct {
		networks []*Network
		readings []Reading
		ask      Collection
		want     string
	}{
		"refused":                     {managed(false), refused, Routes, "403: compute.routes.list"},
		"trap: another collection":    {managed(false), refused, Firewalls, ""},
		"trap: a managed network":     {managed(true), refused, Routes, ""},
		"nobody tried":                {managed(false), nil, Routes, ""},
		"a network nobody describes":  {nil, refused, Routes, "403: compute.routes.list"},
		"everything was handed over":  {nil, []Reading{{Collection: Routes, Project: AnyProject}}, Routes, ""},
		"nothing could be handed":     {nil, []Reading{{Collection: Routes, Project: AnyProject, Refused: "broken"}}, Routes, "broken"},
		"trap: not told is no answer": {nil, []Reading{{Collection: Routes, Project: AnyProject, NotTold: "routes = null"}}, Routes, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := New(Facts{Networks: tc.networks, Readings: tc.readings}).Refused(tc.ask, Known(id, Origin{})); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// What was handed over for every project answers for each: seen, refused, or not told, in its own words.
func TestHandedOver(t *testing.T) {
	nowhere := Unknown[ID](KnownAfterApply, Origin{})
	for name, tc := range map[string]struct {
		readings []Reading
		seen     bool
		why      string
		listed   bool
	}{
		"all there is":       {[]Reading{{Collection: Routers, Project: AnyProject}}, true, "", true},
		"not told":           {[]Reading{{Collection: Routers, Project: AnyProject, NotTold: "routers is null"}}, false, "routers is null", false},
		"refused":            {[]Reading{{Collection: Routers, Project: AnyProject, Refused: "403"}}, false, "403", false},
		"the first counts":   {[]Reading{{Collection: Routers, Project: AnyProject, NotTold: "null"}, {Collection: Routers, Project: AnyProject}}, false, "null", true},
		"one project":        {[]Reading{{Collection: Routers, Project: "p"}}, false, "the network is not known: " + KnownAfterApply, true},
		"one project's part": {[]Reading{{Collection: Routers, Project: "p", NotTold: "one region"}}, false, "the network is not known", false},
		"one of two read it": {[]Reading{{Collection: Routers, Project: "p", Refused: "403"}, {Collection: Routers, Project: "p"}}, false, "the network is not known", true},
		"nothing":            {nil, false, "the network is not known", false},
	} {
		t.Run(name, func(t *testing.T) {
			top := New(Facts{Readings: tc.readings})
			if seen, why := top.Seen(Routers, nowhere); seen != tc.seen || !strings.HasPrefix(why, tc.why) {
				t.Errorf("got %v %q, want %v %q", seen, why, tc.seen, tc.why)
			}
			if top.Listed(Routers, "p") != tc.listed {
				t.Errorf("listed is not %v", tc.listed)
			}
		})
	}
}
