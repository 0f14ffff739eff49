package registry

import (
	"context"
	"sync"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Facts asks about each image and gives what was said as facts: what could not be learnt is unknown, and says why. References that do not
// parse are left out. Of docker.io images that are served, mirror.gcr.io is asked, too.
func (c *Client) Facts(ctx context.Context, refs []string) topology.Facts {
	parsed := map[string]image.Reference{}
	var asked []string
	for _, ref := range refs {
		r, err := image.Parse(ref)
		if _, twice := parsed[r.Normalized]; err != nil || twice {
			continue
		}
		parsed[r.Normalized] = r
		asked = append(asked, r.Normalized)
	}
	answers := c.Ask(ctx, asked)
	facts := topology.Facts{Answers: make([]*topology.ImageAnswer, len(asked))}
	var all sync.WaitGroup
	for i, ref := range asked {
		f := factOf(ref, answers[ref])
		facts.Answers[i] = f
		if parsed[ref].Class == image.DockerHub && f.Served.Or(false) {
			all.Go(func() { f.Mirror = said(c.AskMirror(ctx, ref), f.From("mirror")) })
		}
	}
	all.Wait()
	return facts
}

func factOf(ref string, a Answer) *topology.ImageAnswer {
	f := &topology.ImageAnswer{Object: topology.Object{ID: topology.AnswerID(ref), Kind: "image", Address: ref, Name: ref, Source: a.Host}, Ref: ref, Schema1: a.Schema1, Digest: a.Digest}
	f.Served = said(a, f.From("manifest"))
	f.Platforms = topology.Unknown[[]string](orElse(a.Untold, a.Why), f.From("platforms"))
	if len(a.Platforms) > 0 {
		f.Platforms = topology.Known(a.Platforms, f.From("platforms"))
	}
	return f
}

func said(a Answer, from topology.Origin) topology.Value[bool] {
	if a.Served == Unknown {
		return topology.Unknown[bool](a.Why, from)
	}
	return topology.Known(a.Served == Yes, from)
}
