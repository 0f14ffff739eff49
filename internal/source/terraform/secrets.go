package terraform

import (
	"encoding/base64"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// dockerKeys are the types of pull secrets, with the key that holds their configuration.
var dockerKeys = map[string]string{"kubernetes.io/dockerconfigjson": ".dockerconfigjson", "kubernetes.io/dockercfg": ".dockercfg"}

// readSecret reads which registries a Kubernetes pull secret names; nothing else of it is looked at.
func (w *world) readSecret(in *instance, f *topology.Facts) {
	if in.data {
		return
	}
	s := &topology.PullSecret{Object: w.object(in), Cluster: w.workloadCluster(in), Type: stringOf(attribute(in.value, "type"), in.from("type"), "Opaque")}
	if unset, known := s.Type.Get(); known && unset == "" {
		s.Type = topology.Default("Opaque", in.from("type"))
	}
	s.Name = shown(dig(in.value, "metadata", "name"))
	s.Namespace = namespaceOf(dig(in.value, "metadata", "namespace"))
	from := in.from("data")
	s.Keys = topology.Unknown[[]string](topology.KnownAfterApply, from)
	if key := dockerKeys[s.Type.Or("")]; key != "" {
		if text, known := secretText(in.value, key); known {
			var keys []string
			if keys, s.Complaint = image.RegistryKeys(text, key == ".dockerconfigjson"); s.Complaint == "" {
				s.Keys = topology.Known(keys, from)
			}
		} else if withoutKey(in.value, key) {
			s.Complaint = "has no key " + key
		}
	}
	f.Secrets = append(f.Secrets, s)
}

// secretText is what a secret holds under a key. The google and kubernetes providers mark all of it sensitive: it goes no further than the names of
// registries in it.
func secretText(secret cty.Value, key string) ([]byte, bool) {
	if text, known := asString(attribute(attribute(secret, "data"), key)); known {
		return []byte(text), true
	}
	if text, known := asString(attribute(attribute(secret, "binary_data"), key)); known {
		raw, err := base64.StdEncoding.DecodeString(text)
		return raw, err == nil
	}
	return nil, false
}

// withoutKey reports whether a secret certainly holds nothing under a key: what is written without being stored is not told.
func withoutKey(secret cty.Value, key string) bool {
	for _, a := range []string{"data", "binary_data"} {
		held := attribute(secret, a)
		if !isKnown(held) || !isNull(attribute(held, key)) {
			return false
		}
	}
	return !isNull(attribute(secret, "data")) && isNull(attribute(secret, "data_wo_revision"))
}

// namespaceOf is a namespace as facts have it; one left out is the default.
func namespaceOf(v cty.Value) string {
	if s, known := asString(v); known && !isSensitive(v) {
		return s
	}
	if isNull(v) {
		return ""
	}
	return topology.AnyNamespace
}

// accountTypes are the kubernetes provider's service accounts, which lend their pull secrets to pods that name none.
var accountTypes = map[string]bool{"kubernetes_service_account": true, "kubernetes_service_account_v1": true, "kubernetes_default_service_account": true,
	"kubernetes_default_service_account_v1": true}

// account of a workload: where it lives and what it is called.
type accountKey struct {
	cluster         topology.ID
	namespace, name string
}

// lent lists the pull secrets that the service accounts of a world lend.
func (w *world) lent() map[accountKey][]string {
	if w.lending != nil {
		return w.lending
	}
	w.lending = map[accountKey][]string{}
	for _, in := range w.instances {
		if !accountTypes[in.typ] || in.data {
			continue
		}
		k := accountKey{w.workloadCluster(in).Or(""), orDefault(namespaceOf(dig(in.value, "metadata", "namespace"))), orDefault(shown(dig(in.value, "metadata", "name")))}
		w.lending[k] = append(w.lending[k], namesOf(attribute(in.value, "image_pull_secret"))...)
	}
	return w.lending
}

// namesOf lists the names in a list of blocks; one that is not known is there, too.
func namesOf(blocks cty.Value) []string {
	var out []string
	list, _ := elements(blocks)
	for _, b := range list {
		name := attribute(b, "name")
		if !isKnown(name) {
			out = append(out, "("+topology.KnownAfterApply+")")
		} else if s := shown(name); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func orDefault(name string) string {
	if name == "" {
		return "default"
	}
	return name
}
