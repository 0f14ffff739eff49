package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var imageExists = Check{
	Name:     "image-exists",
	Severity: Error,
	Holds:    "the registry serves every image for a platform that the node pools run",
	Why: "A tag that was misspelled, removed or never pushed is answered with 404, and an image built for other machines with \"no match for platform\": the pod waits for ever on a network without a fault. " +
		"From GKE 1.33 on containerd 2 no longer pulls images in Docker's first format (schema 1).",
	Mend:    "Name a tag or digest that the registry has, built for the nodes' architecture; push images of schema 1 again.",
	Example: "image = \"us-central1-docker.pkg.dev/my-project/apps/web:1.4.2\"",
	Limits: "Registries are asked only with --live and by the data source gkepreflight_images, without credentials: what they tell nobody is undecided. One platform of the pools is enough, for GKE keeps pods off Arm and Windows nodes " +
		"that they do not tolerate. Versions of GKE are not read, so that schema 1 is a warning.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.Images, topology.Answers},
	Since: "0.1.0",
	Page: Page{
		Symptom: "The pod ends in `ImagePullBackOff`. The event `Failed` names the tag or the platform:\n\n" +
			"```text\nfailed to resolve reference \"docker.io/library/nginx:1.72\": docker.io/library/nginx:1.72: not found\nno match for platform in manifest: not found\n```",
		Broken:   "image = \"nginx:1.72\" # 1.27 was meant",
		Look:     "The first prints the manifest, or says that there is none; an index lists its platforms.",
		Commands: "docker buildx imagetools inspect nginx:1.72\nkubectl get nodes -L kubernetes.io/arch,kubernetes.io/os",
	},
	Cluster: judgeImageExists,
}

func judgeImageExists(k *Case) []Result {
	asked := len(k.Facts.Answers()) > 0
	type key struct {
		image string
		loose bool
	}
	at := map[key]int{}
	var out []Result
	for _, u := range k.uses() {
		switch {
		case !u.known || u.err != nil:
			continue // image-reachable and image-reference speak of it
		case !asked:
			return []Result{skipped(Result{Object: objectOf(&k.Cluster.Object)}, "no registry was asked")}
		}
		r := k.judgeExistence(u)
		id := key{r.Image, r.Loose}
		i, seen := at[id]
		switch {
		case !seen:
			at[id] = len(out)
			out = append(out, r)
		case r.Status > out[i].Status, r.Status == out[i].Status && out[i].Severity != Error:
			out[i] = r
		}
	}
	return out
}

func (k *Case) judgeExistence(u use) Result {
	r := Result{Object: objectOf(&u.Object), Severity: Error, Image: u.ref.Normalized, Loose: u.loose}
	if u.inferred {
		r.Severity = Warning
	}
	a := k.Facts.Answer(u.ref.Normalized)
	q := existence{name: fmt.Sprintf("%s of %s", u.Ref.Or(""), u.From), ref: u.ref, answer: a, platforms: k.platforms(u), enough: topology.Any}
	r = q.judge(r)
	if r.Status == topology.Fail || a == nil || a.Mirror.Or(true) {
		return r
	}
	if parts, asks := k.mirrored(u); asks && k.toInternet(parts).verdict == topology.Fail {
		r.Message += "; mirror.gcr.io did not serve it when it was asked, and its nodes have no way to Docker Hub"
	}
	return r
}

// platforms are those of the pools that an image may come onto, as os/architecture; the architecture is empty where it is not known.
func (k *Case) platforms(u use) []string {
	var out []string
	for _, p := range k.pools(u) {
		os, arch := "linux", p.Architecture
		if p.Windows {
			os, arch = "windows", "amd64"
		}
		if arch == "" {
			arch = u.NodeSelector[labelArch]
		}
		out = append(out, os+"/"+arch)
	}
	if len(out) == 0 {
		out = append(out, "linux/"+u.NodeSelector[labelArch])
	}
	return unique(out)
}
