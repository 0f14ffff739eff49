package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// existence is the question whether an image is there for some platforms; enough says whether one of them will do, or all are needed.
type existence struct {
	name      string
	ref       image.Reference
	answer    *topology.ImageAnswer
	platforms []string
	enough    func(...topology.Verdict) topology.Verdict
}

// judge fills in what the registry's answer comes to.
func (e existence) judge(r Result) Result {
	if e.answer == nil {
		r.Status, r.Message = topology.Undecided, fmt.Sprintf("whether %s exists is not known: its registry was not asked", e.name)
		return r
	}
	switch served, known := e.answer.Served.Get(); {
	case !known:
		r.Status, r.Message = topology.Undecided, fmt.Sprintf("whether %s exists is not known: %s was asked, and it ended in %s", e.name, e.ref.Host, e.answer.Served.Why())
	case !served:
		r.Status, r.Message = topology.Fail, fmt.Sprintf("%s does not exist: %s serves no manifest for it", e.name, e.ref.Host)
		r.Fix = e.fix("one that " + e.ref.Host + " serves")
	case e.answer.Schema1:
		r.Status, r.Severity = topology.Fail, Warning
		r.Message = fmt.Sprintf("%s is an image of schema 1, which GKE no longer pulls from 1.33 on", e.name)
		r.Fix = e.fix("pushed again with a current docker, which writes schema 2")
	default:
		r = e.judgePlatforms(r)
	}
	return r
}

func (e existence) judgePlatforms(r Result) Result {
	var verdicts []topology.Verdict
	var missing []string
	for _, p := range e.platforms {
		v := servedFor(e.answer.Platforms, p)
		verdicts = append(verdicts, v)
		if v == topology.Fail {
			missing = append(missing, strings.TrimSuffix(p, "/"))
		}
	}
	has := strings.Join(e.answer.Platforms.Or(nil), ", ")
	switch r.Status = e.enough(verdicts...); r.Status {
	case topology.Fail:
		wanted := strings.Join(missing, " and ")
		r.Message = fmt.Sprintf("%s is not built for %s: %s serves it for %s", e.name, wanted, e.ref.Host, has)
		r.Fix = e.fix("built for " + wanted)
	case topology.Undecided:
		why := "it is built for " + has + ", and the architecture of the nodes is not known"
		if !e.answer.Platforms.Known() {
			why = e.answer.Platforms.Why()
		}
		r.Message = fmt.Sprintf("%s exists, and whether it is built for the nodes is not known: %s", e.name, why)
	default:
		r.Message = fmt.Sprintf("%s exists: %s serves it", e.name, e.ref.Host)
	}
	return r
}

func (e existence) fix(comment string) string {
	return fmt.Sprintf("image = %q # %s", e.ref.Host+"/"+e.ref.Path+":TAG", comment)
}

// alsoRun are the platforms that containerd takes besides a node's own (containerd, package platforms, Only).
var alsoRun = map[string]string{"linux/amd64": "linux/386", "linux/arm64": "linux/arm"}

// servedFor says whether an image is there for a platform. Where the architecture is left open, one of GKE's is not the other.
func servedFor(served topology.Value[[]string], platform string) topology.Verdict {
	list, known := served.Get()
	if !known {
		return topology.Undecided
	}
	os, arch, _ := strings.Cut(platform, "/")
	if arch == "" {
		amd, arm := servedFor(served, os+"/amd64"), servedFor(served, os+"/arm64")
		if amd != arm {
			return topology.Undecided
		}
		return amd
	}
	if slices.ContainsFunc(list, func(p string) bool { return isPlatform(p, platform) || isPlatform(p, alsoRun[platform]) }) {
		return topology.Pass
	}
	return topology.Fail
}

// isPlatform compares without the variant, where none is asked for.
func isPlatform(p, want string) bool {
	return want != "" && (p == want || strings.HasPrefix(p, want+"/"))
}

// unique sorts and drops what stands there twice.
func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}
