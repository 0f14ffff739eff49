package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var pullPolicy = Check{
	Name:     "pull-policy",
	Severity: Warning,
	Holds:    "no image that must be asked for at each start depends on a path that is not certain",
	Why: "With imagePullPolicy Always, which is the default for the tag latest, the registry is asked at every start of a container, though the node has the image. Where the path is broken or rests on a cache, a restart fails long after the first start succeeded. " +
		"The default is set once, when the object is created.",
	Mend:    "Name a version or a digest and leave the policy at IfNotPresent, or make the path certain.",
	Example: "image             = \"docker.io/library/nginx:1.27.4\"\nimage_pull_policy = \"IfNotPresent\"",
	Limits:  "Admission plugins such as AlwaysPullImages may change the policy in the cluster.",
	Reads: []topology.Collection{topology.Clusters, topology.Networks, topology.Subnetworks, topology.Routers, topology.Routes, topology.Firewalls, topology.DNS,
		topology.Endpoints, topology.Images},
	Permissions: registryDNS.Permissions,
	Since:       "0.1.0",
	Page: Page{
		Symptom:  "The first start succeeds. A restart weeks later, on a node that has the image, ends in `ImagePullBackOff`.",
		Broken:   "image             = \"nginx:latest\"\nimage_pull_policy = \"Always\"",
		Look:     "Lists the images that are asked for at every start.",
		Commands: "kubectl get pods --all-namespaces --output=json |\n  jq -r '.items[].spec.containers[] | select(.imagePullPolicy == \"Always\") | .image' | sort -u",
	},
	Cluster: judgePullPolicy,
}

// hasPolicy reports whether the pull policy of a use is told, if only by being left out: a flag and the gate name images alone, and a chart has defaults
// of its own.
func (u use) hasPolicy() bool { return u.Object.Kind != "image" && (!u.Inferred || u.Policy != "") }

func judgePullPolicy(k *Case) []Result {
	if len(k.Groups) == 0 {
		return nil
	}
	var out []Result
	var certain good
	for _, u := range k.uses() {
		if !u.known || u.err != nil || !u.hasPolicy() || image.PullPolicy(u.Ref.Or(""), u.Policy) != "Always" {
			continue
		}
		r := Result{Object: objectOf(&u.Object), Image: u.ref.Normalized, Loose: u.loose}
		why := "policy Always"
		if u.Policy == "" {
			why = "its tag is latest, so the policy is Always"
		}
		way, decided := k.reachOf(u)
		switch {
		case !decided || way.verdict == topology.Undecided:
			r.Status = topology.Undecided
			r.Message = fmt.Sprintf("%s of %s is asked for at every start (%s), and whether its registry can be reached is not known", u.Ref.Or(""), u.From, why)
		case way.verdict == topology.Pass && !u.loose:
			certain.add(func() Result {
				r.Status, r.Message = topology.Pass, fmt.Sprintf("%s of %s is asked for at every start (%s), over a path that is certain", u.Ref.Or(""), u.From, why)
				return r
			})
			continue
		case way.verdict == topology.Pass:
			r.Status, r.Message = topology.Pass, fmt.Sprintf("%s of %s is asked for at every start (%s), over a path that is certain", u.Ref.Or(""), u.From, why)
		default:
			r.Status = topology.Fail
			r.Message = fmt.Sprintf("%s of %s is asked for at every start (%s), and its nodes have no certain way to %s", u.Ref.Or(""), u.From, why, u.ref.Host)
			r.CausedBy = way.cause
			r.Fix = "image_pull_policy = \"IfNotPresent\" # with a version or digest instead of latest"
		}
		out = append(out, r)
	}
	return certain.with(distinct(out), k, "%d image uses are asked for at every start, over a path that is certain")
}
