package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var perimeter = Check{
	Name:     "perimeter",
	Severity: Warning,
	Holds:    "under VPC Service Controls, mirror.gcr.io has the egress rule it needs",
	Why: "mirror.gcr.io lies in a project of Google's outside every perimeter. Nodes inside one that restricts Artifact Registry are refused there, unless an egress rule leads to that project: a pull of a docker.io image that the cache holds " +
		"is denied all the same.",
	Mend:    "Add an egress rule to projects/342927644502 for artifactregistry.googleapis.com, method DockerRead.",
	Example: perimeterExample,
	Limits:  "A perimeter names projects by number: where the cluster's number is not known, every perimeter that restricts Artifact Registry is taken to hold it, undecided.",
	Reads:   []topology.Collection{topology.Clusters, topology.Images, topology.Perimeters},
	Since:   "0.1.0",
	Page: Page{
		Symptom: "Pulls from Docker Hub that went by way of the cache are refused:\n\n```text\n403 Forbidden: Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: …\n```\n\n" +
			"Where the nodes have a way to the internet Docker Hub answers instead, and nothing shows but its pull limit.",
		Broken:   "status {\n  restricted_services = [\"artifactregistry.googleapis.com\"]\n  resources           = [\"projects/123456789012\"] # and no egress policy\n}",
		Look:     "The perimeter that holds the cluster's project needs an egress policy to the project of the cache. The denials stand in the audit log.",
		Commands: "gcloud access-context-manager perimeters describe PERIMETER --policy=POLICY --format=\"yaml(status)\"\ngcloud logging read 'protoPayload.metadata.@type=\"type.googleapis.com/google.cloud.audit.VpcServiceControlAuditMetadata\"' --project=PROJECT --limit=10",
	},
	Cluster: judgePerimeter,
}

// cacheProject is Google's project behind mirror.gcr.io (Artifact Registry documentation, "Secure repositories in a service perimeter").
const cacheProject = "projects/342927644502"

func judgePerimeter(k *Case) []Result {
	docker := slices.ContainsFunc(k.uses(), func(u use) bool {
		return u.known && u.err == nil && (u.ref.Class == image.DockerHub && len(plain(k.parts(u))) > 0 || u.ref.Host == "mirror.gcr.io")
	})
	if !docker {
		return nil
	}
	var out []Result
	for _, p := range k.Facts.Perimeters() {
		restricted, known := p.Restricted.Get()
		if known && !slices.Contains(restricted, "artifactregistry.googleapis.com") {
			continue
		}
		out = append(out, k.judgeInside(p, known))
	}
	return out
}

func (k *Case) judgeInside(p *topology.Perimeter, known bool) Result {
	r := Result{Object: objectOf(&p.Object)}
	projects, listed := p.Projects.Get()
	inside := slices.Contains(projects, "projects/"+k.Cluster.Project)
	numbers := slices.ContainsFunc(projects, func(s string) bool { return strings.Trim(strings.TrimPrefix(s, "projects/"), "0123456789") == "" })
	to, egressTold := p.EgressTo.Get()
	switch {
	case egressTold && (slices.Contains(to, cacheProject) || slices.Contains(to, "*")):
		r.Status, r.Message = topology.Pass, fmt.Sprintf("perimeter %s lets nodes read mirror.gcr.io", quote(p.Display()))
	case listed && !inside && !numbers:
		return skipped(r, fmt.Sprintf("perimeter %s does not hold project %s", quote(p.Display()), quote(k.Cluster.Project)))
	case !egressTold || !listed || !known || !inside:
		r.Status = topology.Undecided
		r.Message = fmt.Sprintf("whether perimeter %s keeps nodes from mirror.gcr.io is not known", quote(p.Display()))
	default:
		r.Status = topology.Fail
		r.Message = fmt.Sprintf("perimeter %s holds project %s and has no egress rule to %s, where mirror.gcr.io lies: pulls from the cache are denied", quote(p.Display()), quote(k.Cluster.Project), cacheProject)
		r.Evidence = []egress.Evidence{told(&p.Object, "status.egress_policies", p.EgressTo, orNone(to))}
		r.Fix = perimeterExample
	}
	return r
}

const perimeterExample = "egress_policies {\n  egress_to {\n    resources = [\"" + cacheProject + "\"]\n    operations {\n      service_name = \"artifactregistry.googleapis.com\"\n      method_selectors {\n        method = \"artifactregistry.googleapis.com/DockerRead\"\n      }\n    }\n  }\n}"
