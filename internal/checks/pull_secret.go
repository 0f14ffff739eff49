package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

var pullSecret = Check{
	Name:     "pull-secret",
	Severity: Error,
	Holds:    "a referenced pull secret has a type and a registry key that the kubelet will use for these images",
	Why: "The kubelet ignores pull secrets of any type but kubernetes.io/dockerconfigjson and kubernetes.io/dockercfg without a word, and uses credentials only where their registry key matches the image. " +
		"For Docker Hub registry-1.docker.io and hub.docker.com match nothing: the pull is anonymous.",
	Mend:        "Make a secret of type kubernetes.io/dockerconfigjson in the pod's namespace whose key is the image's registry; for Docker Hub https://index.docker.io/v1/.",
	Example:     "type = \"kubernetes.io/dockerconfigjson\"\ndata = {\n  \".dockerconfigjson\" = jsonencode({ auths = { \"https://index.docker.io/v1/\" = { auth = var.auth } } })\n}",
	Limits:      "A secret that no source holds may exist in the cluster: undecided. What is in a secret is never looked at, only which registries it names.",
	Reads:       []topology.Collection{topology.Clusters, topology.Images, topology.Secrets, topology.Networks, topology.Subnetworks},
	Permissions: nil,
	Since:       "0.1.0",
	Cluster:     judgePullSecret,
}

func judgePullSecret(k *Case) []Result {
	var out []Result
	for _, u := range k.uses() {
		if u.known && u.err == nil && len(u.Secrets) > 0 {
			out = append(out, k.judgeSecrets(u))
		}
	}
	return distinct(out)
}

// judgeSecrets is good when one secret serves the image; the kubelet tries all that match.
func (k *Case) judgeSecrets(u use) Result {
	r := Result{Object: objectOf(&u.Object), Status: topology.Fail, Image: u.ref.Normalized, Loose: u.loose}
	if u.inferred {
		r.Severity = Warning
	}
	var wrong []string
	for _, name := range u.Secrets {
		s := k.secret(name, u)
		if s == nil {
			r.Status = topology.Undecided
			wrong = append(wrong, fmt.Sprintf("secret %s is in no source", quote(name)))
			continue
		}
		keys, known := s.Keys.Get()
		kind, kindKnown := s.Type.Get()
		switch {
		case kindKnown && kind != "kubernetes.io/dockerconfigjson" && kind != "kubernetes.io/dockercfg":
			wrong = append(wrong, fmt.Sprintf("secret %s is of type %s, which the kubelet ignores", quote(name), orWord(kind, "Opaque")))
			r.Evidence = append(r.Evidence, egress.From(s.Type.Origin, orWord(kind, "Opaque"), s.Type.Assumed))
		case s.Complaint != "":
			wrong = append(wrong, fmt.Sprintf("secret %s %s", quote(name), s.Complaint))
		case !known || !kindKnown:
			r.Status = topology.Undecided
			wrong = append(wrong, fmt.Sprintf("what secret %s is for is not known", quote(name)))
		case slices.ContainsFunc(keys, u.ref.Match):
			r.Status, r.Message = topology.Pass, fmt.Sprintf("secret %s is used for %s of %s", quote(name), u.Ref.Or(""), u.From)
			return r
		default:
			wrong = append(wrong, fmt.Sprintf("secret %s is for %s, which matches no image of %s", quote(name), orNone(keys), u.ref.Host))
		}
	}
	r.Message = fmt.Sprintf("no pull secret of %s serves %s: %s", u.From, u.Ref.Or(""), strings.Join(wrong, "; "))
	if r.Status == topology.Undecided {
		r.Severity = Warning
		r.Message = fmt.Sprintf("whether a pull secret of %s serves %s is not known: %s", u.From, u.Ref.Or(""), strings.Join(wrong, "; "))
		return r
	}
	key := u.ref.Host
	if key == "docker.io" {
		key = "https://index.docker.io/v1/"
	}
	r.Fix = fmt.Sprintf("type = \"kubernetes.io/dockerconfigjson\"\ndata = {\n  \".dockerconfigjson\" = jsonencode({ auths = { %q = { auth = var.auth } } })\n}", key)
	return r
}

func orWord(s, word string) string {
	if s == "" {
		return word
	}
	return s
}

// secret finds a pull secret of the workload's namespace and cluster.
func (k *Case) secret(name string, u use) *topology.PullSecret {
	for _, s := range k.Facts.Secrets() {
		id, known := s.Cluster.Get()
		if s.Name == name && orWord(s.Namespace, "default") == orWord(u.Namespace, "default") && (!known || id == k.Cluster.ID) {
			return s
		}
	}
	return nil
}
