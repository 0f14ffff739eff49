package image

import "github.com/distribution/reference"

// PullPolicy is the policy that the API server sets where none is written: Always for the tag latest, written or implied, and with a digest beside it too; IfNotPresent for
// everything else, what does not parse included (k8s.io/kubernetes, pkg/apis/core/v1/defaults.go, SetDefaults_Container).
func PullPolicy(ref, written string) string {
	if written != "" {
		return written
	}
	if named, err := reference.ParseNormalizedNamed(ref); err == nil {
		tagged, isTagged := named.(reference.Tagged)
		_, isDigested := named.(reference.Digested)
		if isTagged && tagged.Tag() == "latest" || !isTagged && !isDigested {
			return "Always"
		}
	}
	return "IfNotPresent"
}
