package checks

import (
	"fmt"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var imageReachable = Check{
	Name:     "image-reachable",
	Severity: Error,
	Holds:    "every image's registry can be reached from the nodes that will pull it",
	Why: "Google's registries answer over Private Google Access; every other registry needs a way to the internet. registry.k8s.io and k8s.gcr.io need the internet although their layers lie in Artifact Registry: " +
		"the redirector in front of them is not among the domains that Private Google Access serves (registry.k8s.io documentation).",
	Mend:    "Give the nodes Cloud NAT, or pull through an Artifact Registry remote repository, which needs no NAT.",
	Example: "image = \"us-central1-docker.pkg.dev/my-project/registry-k8s-io/pause:3.10\"",
	Limits:  "Private hosts are undecided, and so are private addresses outside the subnetworks that the sources hold. Images whose value only apply knows are judged by the repository they refer to, as a warning.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS,
		topology.Endpoints, topology.Images},
	Since: "0.1.0",
	Page: Page{
		Symptom: "The pod ends in `ImagePullBackOff`; the event `Failed` names the registry and `i/o timeout`. `registry.k8s.io` fails this way on nodes from which `gcr.io` works.",
		Broken:  "image = \"registry.k8s.io/pause:3.10\" # on nodes without a way to the internet",
		Look:    "The cause stands in events with the reason `Failed`; those with the reason `BackOff` carry none. On a node, any status says that the registry was reached.",
		Commands: `kubectl get events --all-namespaces --field-selector=reason=Failed
gcloud compute ssh NODE --zone=ZONE --tunnel-through-iap \
  --command='curl -s -o /dev/null -w "%{http_code}\n" --max-time 10 https://registry.k8s.io/v2/'`,
	},
	Cluster: judgeImageReachable,
}

func judgeImageReachable(k *Case) []Result {
	var out []Result
	if len(k.Groups) == 0 {
		return nil
	}
	var reached good
	for _, u := range k.uses() {
		if u.err != nil {
			continue
		}
		if way, decided := k.reachOf(u); decided && way.verdict == topology.Pass && !u.loose {
			reached.add(func() Result { return k.judgeReach(u) })
			continue
		}
		out = append(out, k.judgeReach(u))
	}
	return reached.with(distinct(out), k, "the registries of %d image uses are reached")
}

func (k *Case) judgeReach(u use) Result {
	r := Result{Object: objectOf(&u.Object), Severity: Error, Image: u.ref.Normalized, Loose: u.loose}
	if u.inferred {
		r.Severity = Warning
	}
	ref, _ := u.text()
	way, decided := k.reachOf(u)
	if !decided {
		r.Status = topology.Undecided
		r.Severity = Warning
		r.Message = fmt.Sprintf("whether %s of %s can be reached is not known: %s", ref, u.From, undecidedImage(u))
		return r
	}
	if parts, asks := k.mirrored(u); asks && way.via == "internet" && way.verdict != topology.Pass {
		mirror := k.toGoogle(parts, "mirror.gcr.io")
		switch {
		case way.verdict == topology.Fail && mirror.verdict != topology.Fail && k.Policy.Mirror == "allow":
			way = mirror
			way.via = "the mirror.gcr.io cache"
		case way.verdict == topology.Fail && mirror.verdict != topology.Fail:
			return skipped(r, fmt.Sprintf("%s of %s has no way to Docker Hub; mirror-dependence speaks of it", ref, u.From))
		case way.verdict == topology.Fail:
			way.path = egress.Path{Status: topology.Fail, Hops: append(way.path.Hops, mirror.path.Hops...)}
		}
	}
	r.Status = way.verdict
	switch way.verdict {
	case topology.Fail:
		if way.via == "internet" {
			r.Message = fmt.Sprintf("%s of %s needs the internet, which its nodes do not reach", ref, u.From)
			r.Fix = remoteFix(k, u)
		} else {
			r.Message = fmt.Sprintf("%s of %s cannot be pulled: %s", ref, u.From, way.broken.Detail)
			r.Fix = k.fixGoogle(u, way)
		}
		r.CausedBy, r.Path = way.cause, way.path.Hops
	case topology.Undecided:
		r.Message = fmt.Sprintf("whether %s of %s can be reached is not known: %s", ref, u.From, way.broken.Detail)
	case topology.Pass:
		if way.group == nil {
			r.Message = fmt.Sprintf("%s of %s is pulled by public nodes, which reach it by themselves", ref, u.From)
			break
		}
		fallthrough
	default:
		r.Message = fmt.Sprintf("%s of %s is reached by way of %s", ref, u.From, way.via)
	}
	return r
}

func undecidedImage(u use) string {
	if !u.known {
		return "the image is " + u.Ref.Why()
	}
	return u.ref.Host + " is a private host, which this network may or may not reach"
}

// remoteFix shows the reference through an Artifact Registry remote repository of the image's host.
func remoteFix(k *Case, u use) string {
	if !u.known {
		return ""
	}
	repository := strings.NewReplacer(".", "-", ":", "-").Replace(u.ref.Host)
	project := k.Cluster.Project
	if project == "" {
		project = "PROJECT"
	}
	through := u.ref.Through(fmt.Sprintf("%s-docker.pkg.dev/%s/%s", k.Cluster.Region(), project, repository))
	return fmt.Sprintf("# Cloud NAT for the nodes, or a remote repository of %s:\nimage = %q", u.ref.Host, through)
}

// fixGoogle mends the hop at which the way to a Google registry breaks.
func (k *Case) fixGoogle(u use, way reach) string {
	g, host := way.group, registryHosts(way.group.Region)[0]
	if u.known {
		host = strings.ToLower(u.ref.Host)
	}
	a := k.ask(g, host)
	switch {
	case way.broken.Name == egress.HopAccess:
		sub, object := k.subnetwork(g)
		return fixAccess(object, sub)
	case !a.res.Overridden && way.broken.Name == egress.HopRoute:
		return fixRoute(k, g)
	case !a.res.Overridden && way.broken.Name == egress.HopFirewall:
		return fixFirewall(k, g, way.broken, "0.0.0.0/0")
	}
	return fixDNS(k, g, a)
}
