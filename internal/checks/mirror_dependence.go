package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var mirrorDependence = Check{
	Name:     "mirror-dependence",
	Severity: Error,
	Holds:    "no docker.io image depends on the mirror.gcr.io cache",
	Why: "GKE nodes ask mirror.gcr.io before Docker Hub. It is a cache of what people pull often and promises nothing: a tag may be there today and gone tomorrow. Nodes without a way to the internet have nothing behind it. " +
		"On containerd 2 (GKE 1.33 and later) a miss without internet reads \"not found\", as if the image did not exist.",
	Mend:    "Three ways out: Cloud NAT for the nodes; an Artifact Registry remote repository of Docker Hub; or mirror = \"warn\", where the dependence is accepted.",
	Example: "image = \"us-central1-docker.pkg.dev/my-project/docker-io/library/nginx:1.27\"",
	Limits:  "The dependence is certain, a miss is not: nothing is asked of the mirror here.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS,
		topology.Endpoints, topology.Images},
	Since: "0.1.0",
	Page: Page{
		Symptom: "Works for as long as the cache holds the image. Then up to GKE 1.32 the pull times out towards `registry-1.docker.io`, and from 1.33 on it reads\n\n" +
			"```text\ndocker.io/library/nginx:1.27: not found\n```\n\nthough the image exists.",
		Broken:   "image = \"nginx:1.27\" # on nodes without a way to the internet",
		Look:     "A 200 says that the cache serves this manifest now, and nothing about its layers or about tomorrow; asking may itself bring the image into the cache.",
		Commands: "curl -s -o /dev/null -w \"%{http_code}\\n\" -I -H \"Accept: application/vnd.oci.image.index.v1+json\" \\\n  https://mirror.gcr.io/v2/library/nginx/manifests/1.27",
	},
	Cluster: judgeMirrorDependence,
}

func judgeMirrorDependence(k *Case) []Result {
	var out []Result
	if len(k.Groups) == 0 {
		return nil
	}
	var behind good
	for _, u := range k.uses() {
		parts, asks := k.mirrored(u)
		if !asks {
			continue // not of Docker Hub, on public nodes only, or containerd_config takes the mirror's place
		}
		if k.Policy.Mirror != "allow" && !u.loose && k.toInternet(parts).verdict == topology.Pass {
			behind.add(func() Result {
				return Result{Object: objectOf(&u.Object), Status: topology.Pass, Image: u.ref.Normalized, Message: fmt.Sprintf("%s of %s has Docker Hub behind the mirror", u.Ref.Or(""), u.From)}
			})
			continue
		}
		r := Result{Object: objectOf(&u.Object), Severity: Error, Image: u.ref.Normalized, Loose: u.loose}
		if u.inferred || k.Policy.Mirror == "warn" {
			r.Severity = Warning
		}
		way, mirror := k.toInternet(parts), k.toGoogle(parts, "mirror.gcr.io")
		switch {
		case k.Policy.Mirror == "allow":
			r = skipped(r, "mirror = allow: not asked")
		case way.verdict == topology.Pass:
			r.Status, r.Message = topology.Pass, fmt.Sprintf("%s of %s has Docker Hub behind the mirror", u.Ref.Or(""), u.From)
		case way.verdict == topology.Undecided:
			r.Status = topology.Undecided
			r.Message = fmt.Sprintf("whether %s of %s depends on mirror.gcr.io is not known: %s", u.Ref.Or(""), u.From, way.broken.Detail)
		case mirror.verdict == topology.Fail:
			r = skipped(r, fmt.Sprintf("%s of %s reaches neither Docker Hub nor the mirror; image-reachable speaks of it", u.Ref.Or(""), u.From))
		default:
			r.Status = topology.Fail
			r.Message = fmt.Sprintf("%s of %s depends on the mirror.gcr.io cache, which promises nothing: its nodes have no way to Docker Hub", u.Ref.Or(""), u.From)
			r.Path = way.path.Hops
			r.CausedBy = way.cause
			r.Fix = remoteFix(k, u) + "\n# or, where the dependence is accepted: mirror = \"warn\""
		}
		out = append(out, r)
	}
	return behind.with(distinct(out), k, "%d uses of docker.io images have Docker Hub behind the mirror")
}
