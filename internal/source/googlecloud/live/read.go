package live

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"cloud.google.com/go/container/apiv1/containerpb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Source is the name that facts read live carry.
const Source = "live"

// Want is what to read.
type Want struct {
	// Projects are those whose clusters are wanted; Clusters are single ones, as projects/P/locations/L/clusters/C.
	Projects, Clusters []string
	// Told is what other sources tell: their clusters' networks are read, and what they name and nobody finds is planned, not broken.
	Told topology.Facts
	// Touching names the sources among them, plans, that change networks: the clusters on those networks are wanted, too.
	Touching []string
	// Images are references that the nodes will pull, besides those that the other sources tell of.
	Images []string
	// Progress is told how many questions of how many are answered, one call at a time.
	Progress func(done, total int)
}

// Trouble is something that could not be read as a whole, in words for people.
type Trouble struct{ Source, Message string }

// reading is one read.
type reading struct {
	*Client
	ctx  context.Context //nolint:containedctx // it lives as long as one Read
	want Want
	inv  *googlecloud.Inventory

	mu          sync.Mutex
	done, total int
	troubles    []Trouble
	// untold are facts of which Google Cloud refused to say what they are.
	untold topology.Facts
}

// Read reads what is wanted and what decides about it. What it is refused is part of the facts; an error means that nobody could be asked, or that
// the asker gave up.
func (c *Client) Read(ctx context.Context, w Want) (topology.Facts, []Trouble, error) {
	if err := c.begin(ctx); err != nil {
		return topology.Facts{}, nil, err
	}
	r := &reading{Client: c, ctx: ctx, want: w, inv: googlecloud.New(Source)}
	s := r.scope(r.clusters())
	r.all(slices.Concat(r.networks(s), r.rights(s), []task{r.names(s)}))
	if err := context.Cause(ctx); errors.Is(err, context.Canceled) {
		return topology.Facts{}, nil, err
	}
	facts := topology.Lay(r.inv.Facts(), r.untold, nil)
	slices.SortFunc(r.troubles, func(a, b Trouble) int { return strings.Compare(a.Source+" "+a.Message, b.Source+" "+b.Message) })
	return facts, slices.Compact(r.troubles), nil
}

// task asks, beside others; what it returns hands the answers on, after all have answered and in the order of the tasks, so that the same answers make
// the same facts.
type task func() func()

func (r *reading) all(tasks []task) { r.ask(tasks)() }

// ask lets all tasks ask, and returns what hands their answers on.
func (r *reading) ask(tasks []task) func() {
	hand := make([]func(), len(tasks))
	var group sync.WaitGroup
	for i, t := range tasks {
		group.Go(func() { hand[i] = t() })
	}
	group.Wait()
	return func() {
		for _, h := range hand {
			if h != nil {
				h()
			}
		}
	}
}

// look is ask with its progress.
func look[T any](r *reading, q question[T], args ...string) (T, error) {
	r.progress(0, 1)
	defer r.progress(1, 0)
	return ask(r.ctx, r.Client, q, args...)
}

func (r *reading) progress(done, total int) {
	if r.want.Progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done, r.total = r.done+done, r.total+total
	r.want.Progress(r.done, r.total)
}

// trouble records what the reader is to be told. Credentials that nobody accepts are told once, not for every project.
func (r *reading) trouble(about string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var why *refusal
	if errors.As(err, &why) && why.nobody {
		about = ""
	}
	name := Source
	if about != "" {
		name += " " + about
	}
	r.troubles = append(r.troubles, Trouble{Source: name, Message: err.Error()})
}

// settle records of a collection of a project that it was listed, or the first reason why not.
func (r *reading) settle(c topology.Collection, project string, errs ...error) {
	for _, err := range errs {
		if err != nil {
			r.inv.Refused(c, project, err.Error())
			return
		}
	}
	r.inv.Listed(c, project)
}

// planned takes a 404 for an answer: what a plan names and Google Cloud does not know is not there yet.
func planned(err error) error {
	var why *refusal
	if errors.As(err, &why) && why.status == 404 {
		return nil
	}
	return err
}

// cluster is one that was read, and what an Inventory makes of it.
type cluster struct {
	raw  *containerpb.Cluster
	fact *topology.Cluster
}

// clusters reads those that are wanted, and those that may lie on the networks that plans touch.
func (r *reading) clusters() []cluster {
	touched, near := touches(r.want.Told, r.want.Touching)
	told := map[topology.ID]bool{}
	for _, c := range r.want.Told.Clusters {
		told[c.ID] = true
	}
	var out []cluster
	add := func(list []*containerpb.Cluster, wanted bool) {
		for _, raw := range list {
			c := cluster{raw, factOf(raw)}
			if c.fact == nil {
				continue
			}
			network, known := c.fact.Network.Get()
			if wanted || told[c.fact.ID] || known && touched[network] {
				out = append(out, c)
			}
		}
	}
	var tasks []task
	for _, p := range r.want.Projects {
		tasks = append(tasks, r.clustersOf(p, true, func(list []*containerpb.Cluster) { add(list, true) }))
	}
	for _, p := range near {
		if !slices.Contains(r.want.Projects, p) {
			tasks = append(tasks, r.clustersOf(p, false, func(list []*containerpb.Cluster) { add(list, false) }))
		}
	}
	for _, name := range r.want.Clusters {
		tasks = append(tasks, r.single(name, func(c *containerpb.Cluster) { add([]*containerpb.Cluster{c}, true) }))
	}
	r.all(tasks)
	for _, c := range out {
		r.inv.Cluster(c.raw)
	}
	return out
}

// clustersOf lists a project's clusters. Zones that did not answer cost the clusters there, not the others. Nobody asked by name for the projects that
// plans lead to: where there is no such project yet, or GKE is off in it, it has no clusters.
func (r *reading) clustersOf(project string, byName bool, add func([]*containerpb.Cluster)) task {
	return func() func() {
		list, err := look(r, clusterList, project)
		if err != nil && !byName && (planned(err) == nil || r.switchedOff(err, project)) {
			err = nil
		}
		if err == nil && len(list.missing) > 0 {
			err = &refusal{why: incomplete{list.missing}.Error() + ": " + clusterList.permission}
		}
		return func() {
			r.settle(topology.Clusters, project, err)
			if err != nil {
				r.trouble("project "+project, err)
			}
			add(list.clusters)
		}
	}
}

// single reads one cluster; one that is not there is not in the facts.
func (r *reading) single(name string, add func(*containerpb.Cluster)) task {
	return func() func() {
		l := split(name)
		c, err := look(r, clusterGet, l["projects"], l["locations"], l["clusters"])
		return func() {
			switch {
			case err == nil:
				add(c)
			case planned(err) != nil:
				r.trouble("cluster "+name, err)
			}
		}
	}
}

// factOf is what an Inventory makes of one cluster, for nothing is to be read twice in two ways; nil where it makes nothing of it.
func factOf(raw *containerpb.Cluster) *topology.Cluster {
	v := googlecloud.New(Source)
	v.Cluster(raw)
	if f := v.Facts(); len(f.Clusters) == 1 {
		return f.Clusters[0]
	}
	return nil
}

// switchedOff reports whether an API is off in the project itself, so that there is nothing of its kind in it. Where the credentials' own project is
// meant, which is billed for some questions, that says nothing of this one.
func (r *reading) switchedOff(err error, project string) bool {
	var why *refusal
	if !errors.As(err, &why) || why.off == "" {
		return false
	}
	if why.consumer == project {
		return true
	}
	if strings.Trim(why.consumer, "0123456789") != "" {
		return false
	}
	_, number, err := r.project(project)
	return err == nil && why.consumer == number
}

// project asks for a project's default account, and its number, which that begins with; the number is empty where there is no such account.
func (r *reading) project(id string) (account, number string, err error) {
	p, err := look(r, computeProject, id)
	if err != nil {
		return "", "", err
	}
	account = p.GetDefaultServiceAccount()
	if n, is := strings.CutSuffix(account, "-compute@developer.gserviceaccount.com"); is {
		number = n
	}
	return account, number, nil
}
