package topology

import (
	"slices"
	"strings"
	"testing"
)

// A grant on a repository reaches the repository's project once, whichever project its resource was written for; one on a project reaches no other.
func TestGrantsOfRepositories(t *testing.T) {
	of := func(project string) ID { return Identify("google_artifact_registry_repository", project, "us", "r") }
	for name, tc := range map[string]struct {
		grant   *Grant
		reaches string // of p, q and the project without a name
	}{
		"of the same project":                {grantNamed("g", "p", "", of("p")), "p"},
		"written for another project":        {grantNamed("g", "q", "", of("p")), "p q"},
		"trap: a repository known by no ID":  {grantNamed("g", "p", "", "plan:repository"), "p"},
		"on a project":                       {grantNamed("g", "q", "", ""), "q"},
		"on a folder: any that is not told":  {grantNamed("g", "", "folders/1", ""), "p q"},
		"on nobody knows what: may hold all": {grantNamed("g", "", "", ""), "p q"},
	} {
		t.Run(name, func(t *testing.T) {
			top := New(Facts{Grants: []*Grant{tc.grant}})
			var reached []string
			for _, project := range []string{"p", "q"} {
				list, _ := top.GrantsReaching(project)
				for range list {
					reached = append(reached, project)
				}
			}
			if strings.Join(reached, " ") != tc.reaches {
				t.Errorf("reaches %v, want %s", reached, tc.reaches)
			}
		})
	}
}

// What stands in for pools gives way to any pool that somebody named, in the same facts or below; what nobody named stands in.
func TestStandIns(t *testing.T) {
	for name, tc := range map[string]struct {
		pool NodePool
		want bool
	}{
		"the cluster's own nodes":          {NodePool{Object: Object{Kind: "google_container_cluster", Name: "c", Managed: true}}, true},
		"a pool that nobody names":         {NodePool{Object: Object{Kind: "google_container_node_pool"}}, true},
		"trap: a managed one, named later": {NodePool{Object: Object{Kind: "google_container_node_pool", Managed: true}}, false},
		"a pool with a name":               {NodePool{Object: Object{Kind: "google_container_node_pool", Name: "a"}}, false},
	} {
		if got := tc.pool.StandsIn(); got != tc.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, tc := range map[string]struct {
		lower, upper *Cluster
		want         []string
	}{
		"read above without pools: those below stay":    {clusterOf("state", "a!"), clusterOf("api"), []string{"state:a"}},
		"a stand-in below goes beside a named one":      {clusterOf("state", "*", "a!"), clusterOf("plan", "b!"), []string{"plan:b", "state:a"}},
		"a stand-in below stays where nothing else is":  {clusterOf("state", "*"), clusterOf("plan"), []string{"state:"}},
		"the resource of a pool over another's listing": {clusterOf("state", "a"), clusterOf("plan", "a!"), []string{"plan:a"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range Lay(Facts{Clusters: []*Cluster{tc.lower}}, Facts{Clusters: []*Cluster{tc.upper}}, nil).Clusters[0].Pools {
				text := p.Source + ":"
				if !p.StandsIn() {
					text += p.Name
				}
				got = append(got, text)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}
