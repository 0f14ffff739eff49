package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// JudgeImages judges images by themselves, without a cluster: whether each reference parses, whether its registry serves it for all of the
// platforms, and whether mirror.gcr.io serves what is of docker.io. No network is known, so that Policy.Mirror says what the last is worth:
// it is left out unless it is deny or warn.
func JudgeImages(t *topology.Topology, platforms []string, p Policy) []Result {
	mirror := p.Mirror
	p = p.withDefaults()
	var out []Result
	for _, u := range t.Images() {
		ref, known := u.Ref.Get()
		if !known {
			continue
		}
		r := Result{Object: objectOf(&u.Object), Severity: Error}
		parsed, err := image.Parse(ref)
		complaint := parsed.Complaint()
		if err != nil {
			complaint = err.Error()
		}
		if complaint != "" {
			r.Status, r.Message, r.Fix = topology.Fail, fmt.Sprintf("image %q cannot be pulled: %s", ref, complaint), exampleReference
			out = append(out, complete(imageReference, []Result{r}, "", p)...)
			continue
		}
		r.Image = parsed.Normalized
		a := t.Answer(parsed.Normalized)
		exists := existence{name: ref, ref: parsed, answer: a, platforms: platforms, enough: topology.All}.judge(r)
		out = append(out, complete(imageExists, []Result{exists}, "", p)...)
		if parsed.Class == image.DockerHub && a != nil && a.Served.Or(false) && (mirror == "deny" || mirror == "warn") {
			out = append(out, complete(mirrorDependence, []Result{judgeMirrored(r, ref, a, mirror)}, "", p)...)
		}
	}
	return out
}

func judgeMirrored(r Result, ref string, a *topology.ImageAnswer, mirror string) Result {
	if mirror == "warn" {
		r.Severity = Warning
	}
	switch r.Status = topology.Of(a.Mirror); r.Status {
	case topology.Pass:
		r.Message = fmt.Sprintf("%s is served by mirror.gcr.io now, which promises nothing for later", ref)
	case topology.Undecided:
		r.Message = fmt.Sprintf("whether mirror.gcr.io serves %s is not known: %s", ref, a.Mirror.Why())
	default:
		r.Message = fmt.Sprintf("%s is not served by mirror.gcr.io: nodes without a way to Docker Hub cannot pull it", ref)
		r.Fix = mirrorDependence.Example + " # through a remote repository of Docker Hub"
	}
	return r
}

// Verdict is what results come to, in the words for a cluster.
func Verdict(results []Result) ClusterVerdict {
	var t tally
	for i := range results {
		t = t.with(&results[i])
	}
	return t.verdict()
}
