package checks

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

const exampleReference = "image = \"us-central1-docker.pkg.dev/my-project/apps/web:1.4.2\""

var imageReference = Check{
	Name:     "image-reference",
	Severity: Error,
	Holds:    "every image reference parses, and names a repository where the registry demands one",
	Why:      "The kubelet refuses a reference that does not parse (InvalidImageName), and Artifact Registry refuses a path without a repository.",
	Mend:     "Write HOST/PATH:TAG or HOST/PATH@DIGEST with a lower-case path; for Artifact Registry LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE.",
	Example:  exampleReference,
	Limits:   "Images in arguments and environment variables, and those that webhooks and operators add, are not in a plan.",
	Reads:    []topology.Collection{topology.Clusters, topology.Images},
	Since:    "0.1.0",
	Page: Page{
		Symptom: "A reference that does not parse leaves the pod in `InvalidImageName`, with `couldn't parse image name …: invalid reference format`. A path without a repository is answered by Artifact Registry with an error for the name, and the pod ends in `ImagePullBackOff`.",
		Broken:  "image = \"us-central1-docker.pkg.dev/my-project/web:1.4.2\" # PROJECT/IMAGE: the repository is missing",
		Look:    "The image must be found under the reference as it is written.",
		Commands: `kubectl get pods --all-namespaces --field-selector=status.phase=Pending
gcloud artifacts docker images describe us-central1-docker.pkg.dev/my-project/apps/web:1.4.2`,
	},
	Cluster: judgeImageReference,
}

func judgeImageReference(k *Case) []Result {
	var out []Result
	good := 0
	for _, u := range k.uses() {
		ref, known := u.Ref.Get()
		if !known {
			continue
		}
		why := ""
		if u.err != nil {
			why = u.err.Error()
		} else {
			why = u.ref.Complaint()
		}
		if why == "" {
			good++
			continue
		}
		severity := Error
		if u.inferred {
			severity = Warning
		}
		out = append(out, Result{Object: objectOf(&u.Object), Status: topology.Fail, Severity: severity, Image: u.ref.Normalized, Loose: u.loose,
			Message: fmt.Sprintf("image %q of %s cannot be pulled: %s", ref, u.From, why), Fix: exampleReference})
	}
	if len(out) == 0 && good > 0 {
		out = append(out, Result{Object: objectOf(&k.Cluster.Object), Status: topology.Pass, Message: fmt.Sprintf("%d image references parse", good)})
	}
	return distinct(out)
}
