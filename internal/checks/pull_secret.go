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
	Reads:       []topology.Collection{topology.Clusters, topology.Images, topology.Secrets},
	Permissions: nil,
	Since:       "0.1.0",
	Page: Page{
		Symptom: "The pod ends in `ImagePullBackOff` as if no secret had been given: `401 Unauthorized`, `pull access denied`, or the limit of anonymous pulls. A secret that is not there leaves the event `FailedToRetrieveImagePullSecret`; one of the wrong type leaves none.",
		Broken:  "type = \"Opaque\"\ndata = {\n  \".dockerconfigjson\" = jsonencode({ auths = { \"registry-1.docker.io\" = { auth = var.auth } } })\n}",
		Look:    "The type must be `kubernetes.io/dockerconfigjson`. The second command prints the registries alone; the image's must be among them.",
		Commands: `kubectl --namespace=NAMESPACE get secret SECRET --output=jsonpath='{.type}{"\n"}'
kubectl --namespace=NAMESPACE get secret SECRET --output=jsonpath='{.data.\.dockerconfigjson}' | base64 -d | jq '.auths | keys'`,
	},
	Cluster: judgePullSecret,
}

func judgePullSecret(k *Case) []Result {
	// Secrets belong to the pod: one that serves a single image of several does its work.
	var order []string
	pods := map[string][]use{}
	for _, u := range k.uses() {
		if !u.known || u.err != nil || len(u.Secrets) == 0 {
			continue
		}
		pod := u.Object.Address + "\x00" + strings.Join(u.Secrets, "\x00")
		if pods[pod] == nil {
			order = append(order, pod)
		}
		pods[pod] = append(pods[pod], u)
	}
	var out []Result
	for _, pod := range order {
		if r, asked := k.judgeSecrets(pods[pod]); asked {
			out = append(out, r)
		}
	}
	return distinct(out)
}

// judgeSecrets holds a pod's secrets against its images; asked is false where secrets that a service account lends are merely of no use here.
func (k *Case) judgeSecrets(pod []use) (r Result, asked bool) {
	first := pod[0]
	r = Result{Object: objectOf(&first.Object), Severity: Error, Image: first.ref.Normalized, Loose: first.loose}
	if first.inferred {
		r.Severity = Warning
	}
	served := map[string]bool{}
	var wrong, idle, open []string
	for _, name := range first.Secrets {
		h := k.holds(name, pod)
		for _, image := range h.serves {
			served[image] = true
		}
		wrong, idle, open = appendWord(wrong, h.wrong), appendWord(idle, h.idle), appendWord(open, h.open)
		if h.wrong+h.idle != "" {
			r.Evidence = append(r.Evidence, h.evidence)
		}
	}
	left := slices.DeleteFunc(slices.Clone(pod), func(u use) bool { return served[u.ref.Normalized] })
	if len(served) == 0 && !first.SecretsLent {
		wrong = append(wrong, idle...)
	}
	switch {
	case len(left) == 0 || len(wrong)+len(open) == 0 && len(served) > 0:
		r.Status, r.Evidence = topology.Pass, nil
		r.Message = fmt.Sprintf("the pull secrets of %s are used for its images", first.From)
		return r, true
	case len(wrong)+len(open) == 0:
		return r, false
	case len(open) > 0:
		r.Status, r.Severity = topology.Undecided, Warning
		r.Message = fmt.Sprintf("whether a pull secret of %s serves %s is not known: %s", first.From, left[0].Ref.Or(""), strings.Join(append(open, wrong...), "; "))
		return r, true
	}
	r.Status, r.Image = topology.Fail, left[0].ref.Normalized
	r.Message = fmt.Sprintf("no pull secret of %s serves %s: %s", first.From, left[0].Ref.Or(""), strings.Join(wrong, "; "))
	key := left[0].ref.Host
	if key == "docker.io" {
		key = "https://index.docker.io/v1/"
	}
	r.Fix = fmt.Sprintf("type = \"kubernetes.io/dockerconfigjson\"\ndata = {\n  \".dockerconfigjson\" = jsonencode({ auths = { %q = { auth = var.auth } } })\n}", key)
	return r, true
}

// held is what a secret does for a pod: the images it serves, or why it serves none. Wrong is a mistake whatever the pod pulls, idle a secret for
// other registries, open what is not known.
type held struct {
	serves            []string
	wrong, idle, open string
	evidence          egress.Evidence
}

func (k *Case) holds(name string, pod []use) held {
	s, elsewhere := k.secret(name, pod[0])
	if s == nil {
		return held{open: fmt.Sprintf("secret %s of namespace %s is in no source%s", quote(name), quote(orWord(pod[0].Namespace, "default")), elsewhere)}
	}
	keys, known := s.Keys.Get()
	kind, kindKnown := s.Type.Get()
	kind = orWord(kind, "Opaque")
	switch {
	case kindKnown && kind != "kubernetes.io/dockerconfigjson" && kind != "kubernetes.io/dockercfg":
		return held{wrong: fmt.Sprintf("secret %s is of type %s, which the kubelet ignores", quote(name), kind), evidence: told(&s.Object, "type", s.Type, kind)}
	case s.Complaint != "":
		return held{wrong: fmt.Sprintf("secret %s cannot be used: %s", quote(name), s.Complaint), evidence: told(&s.Object, "type", s.Type, kind)}
	case !known || !kindKnown:
		return held{open: fmt.Sprintf("what secret %s is for is not known", quote(name))}
	}
	h := held{evidence: told(&s.Object, "data", s.Keys, orNone(keys))}
	near := false
	for _, u := range pod {
		if slices.ContainsFunc(keys, u.ref.Match) {
			h.serves = append(h.serves, u.ref.Normalized)
			continue
		}
		near = near || slices.ContainsFunc(keys, func(key string) bool { return nearMiss(key, u.ref.Host) })
	}
	if len(h.serves) == 0 {
		says := fmt.Sprintf("secret %s is for %s, which matches no image of %s", quote(name), orNone(keys), pod[0].ref.Host)
		if near {
			h.wrong = says
		} else {
			h.idle = says
		}
	}
	return h
}

// nearMiss reports whether a registry key that does not match was meant for a host: both are of one domain.
func nearMiss(key, host string) bool {
	_, rest, scheme := strings.Cut(key, "://")
	if !scheme {
		rest = key
	}
	rest, _, _ = strings.Cut(rest, "/")
	return domain(rest) == domain(host) || host == "docker.io" && domain(rest) == "docker.com"
}

func domain(host string) string {
	name, _, _ := strings.Cut(host, ":")
	labels := strings.Split(strings.ToLower(name), ".")
	return strings.Join(labels[max(0, len(labels)-2):], ".")
}

// authenticated reports whether a pull secret serves an image.
func (k *Case) authenticated(u use) bool {
	return slices.ContainsFunc(u.Secrets, func(name string) bool { return len(k.holds(name, []use{u}).serves) > 0 })
}

func appendWord(list []string, word string) []string {
	if word == "" {
		return list
	}
	return append(list, word)
}

func orWord(s, word string) string {
	if s == "" {
		return word
	}
	return s
}

// secret finds a pull secret of the workload's namespace and cluster; where there is none, it says where one of that name is.
func (k *Case) secret(name string, u use) (found *topology.PullSecret, elsewhere string) {
	for _, s := range k.Facts.Secrets() {
		if id, known := s.Cluster.Get(); s.Name != name || known && id != k.Cluster.ID {
			continue
		}
		here, there := orWord(u.Namespace, "default"), orWord(s.Namespace, "default")
		if here == there || here == topology.AnyNamespace || there == topology.AnyNamespace {
			return s, ""
		}
		elsewhere = fmt.Sprintf(" (one of namespace %s is no use here)", quote(there))
	}
	return nil, elsewhere
}
