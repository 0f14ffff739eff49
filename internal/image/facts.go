package image

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// Facts turns manifests into facts about the cluster they will be applied to. Declared is true where somebody named the manifests, so that they are
// all that the nodes will pull.
func (m Manifests) Facts(cluster topology.Value[topology.ID], declared bool) topology.Facts {
	var f topology.Facts
	lent := map[[2]string][]string{}
	for _, a := range m.Accounts {
		lent[[2]string{orDefault(a.Namespace), a.Name}] = a.PullSecrets
	}
	for _, w := range m.Workloads {
		secrets, borrowed := w.PullSecrets, false
		if len(secrets) == 0 {
			// Admission copies the service account's pull secrets into pods that name none (Kubernetes documentation, "Configure Service Accounts").
			secrets = lent[[2]string{orDefault(w.Namespace), orDefault(w.ServiceAccount)}]
			borrowed = len(secrets) > 0
		}
		for _, i := range w.Images {
			if i.Ref == "" {
				continue // controllers fill it in
			}
			from := w.place(i.Line)
			object := topology.Object{Kind: w.Kind, Address: w.Kind + "/" + orDefault(w.Namespace) + "/" + w.Name, Name: w.Name, Source: w.File, File: w.File, Line: i.Line}
			f.Images = append(f.Images, &topology.ImageUse{Ref: topology.Known(i.Ref, topology.Origin{Object: object.Address, Attribute: "image", File: w.File, Line: i.Line}),
				Cluster: cluster, From: from, Object: object, Declared: declared && !w.Inferred, Inferred: w.Inferred, Namespace: w.Namespace, Policy: i.Policy,
				Secrets: secrets, SecretsLent: borrowed, Account: w.ServiceAccount, NodeSelector: w.NodeSelector, Tolerations: w.Tolerations, TolerationsTold: !w.Inferred, Replicas: w.Replicas})
		}
	}
	for _, s := range m.Secrets {
		from := topology.Origin{Object: "Secret/" + orDefault(s.Namespace) + "/" + s.Name, Attribute: "type", File: s.File, Line: s.Line}
		secret := &topology.PullSecret{Cluster: cluster, Namespace: s.Namespace, Complaint: s.Complaint, Type: topology.Known(s.Type, from), Keys: topology.Known(s.Keys, from)}
		secret.Object = topology.Object{ID: topology.ID("addr:" + s.File + "/" + from.Object), Kind: "Secret", Address: from.Object, Name: s.Name, Source: s.File, File: s.File, Line: s.Line}
		if len(s.Keys) == 0 && s.Complaint == "" {
			secret.Keys = topology.Unknown[[]string]("what it holds is filled in later", from)
		}
		f.Secrets = append(f.Secrets, secret)
	}
	return f
}

func orDefault(name string) string {
	if name == "" {
		return "default"
	}
	return name
}

// place is file:line, as people and editors read it.
func (w Workload) place(line int) string {
	if line == 0 {
		line = w.Line
	}
	if w.File == "" {
		return w.Kind + "/" + w.Name
	}
	return fmt.Sprintf("%s:%d", w.File, line)
}

// RegistryKeys are the registries that the docker configuration in a pull secret names, and what the kubelet would find wrong with it. Nested is true for
// the newer form, with auths.
func RegistryKeys(content []byte, nested bool) (keys []string, complaint string) {
	return registryKeys(content, nested)
}
