package live

import (
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// shuffled holds every request back for a while that chance decides, so that answers come in another order each time.
func shuffled(seed uint64) transport {
	var mu sync.Mutex
	dice := rand.New(rand.NewPCG(seed, 0))
	return func(req *http.Request) (*http.Response, error) {
		mu.Lock()
		turns := dice.IntN(200)
		mu.Unlock()
		for range turns {
			runtime.Gosched()
		}
		return http.DefaultTransport.RoundTrip(req)
	}
}

// The order in which answers come leaves no trace in the facts, nor in what is told.
func TestOrderOfAnswers(t *testing.T) {
	s := serve(t, sick())
	s.Pages(1)
	want := everything()
	want.Projects = []string{"shop", "unknown", "net", "hidden"}
	var first topology.Facts
	var told []Trouble
	for seed := range uint64(20) {
		facts, troubles := read(t, client(t, s, func(o *Options) { o.Transport = shuffled(seed) }), want)
		if seed == 0 {
			first, told = facts, troubles
			if len(troubles) != 2 || troubles[0].Source != "live project hidden" || troubles[1].Source != "live project unknown" {
				t.Errorf("troubles, in the order of their projects: %v", troubles)
			}
			continue
		}
		if !slices.Equal(told, troubles) {
			t.Errorf("told %v, and then %v", told, troubles)
		}
		names := func(f topology.Facts) (out []string) {
			for _, r := range f.Readings {
				out = append(out, string(r.Collection)+" "+r.Project+" "+r.Refused)
			}
			for _, n := range f.NATs {
				out = append(out, string(n.ID))
			}
			for _, c := range f.Clusters {
				out = append(out, string(c.ID))
			}
			for _, z := range f.RecordSets {
				out = append(out, string(z.ID))
			}
			return out
		}
		if diff := cmp.Diff(names(first), names(facts)); diff != "" {
			t.Fatalf("another order (-first +seed %d):\n%s", seed, diff)
		}
	}
}

// Tasks ask at once, and hand on what they learned one after the other, in their own order.
func TestTasks(t *testing.T) {
	var r reading
	var got []int
	together := make(chan struct{})
	var tasks []task
	for i := range 8 {
		tasks = append(tasks, func() func() {
			if i == 7 {
				close(together) // the last one lets all others end: they are under way at once
			}
			<-together
			if i%2 == 1 {
				return nil
			}
			return func() { got = append(got, i) }
		})
	}
	hand := r.ask(tasks)
	if len(got) > 0 {
		t.Errorf("handed on before all had answered: %v", got)
	}
	if hand(); !slices.Equal(got, []int{0, 2, 4, 6}) {
		t.Errorf("%v", got)
	}
}
