package image

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// typeMeta is what an object is; items of a typed list may leave it to the list.
type typeMeta struct{ apiVersion, kind string }

// object reads an object, or the items of a list of them.
func (d *document) object(o *yaml.Node, listed typeMeta, m *Manifests) error {
	t := typeMeta{text(dig(o, "apiVersion")), text(dig(o, "kind"))}
	if t.kind == "" {
		t = listed
	}
	if !isMapping(o) || t.kind == "" {
		return d.at(o, errNoObject)
	}
	if strings.Contains(t.kind+t.apiVersion, "{{") {
		return d.at(o, errTemplate)
	}
	if items := dig(o, "items"); strings.HasSuffix(t.kind, "List") && items != nil && (isNull(items) || items.Kind == yaml.SequenceNode) {
		of := typeMeta{t.apiVersion, strings.TrimSuffix(t.kind, "List")}
		if of.kind == "" {
			of = typeMeta{} // a List of anything: its items say what they are
		}
		for _, item := range list(items) {
			if err := d.object(item, of, m); err != nil {
				return err
			}
		}
		return nil
	}
	return d.read(o, t, m)
}

func (d *document) read(o *yaml.Node, t typeMeta, m *Manifests) error {
	g := group(t.apiVersion)
	// Without an apiVersion the kind is all there is to go by: one that is not of Kubernetes is read by its shape.
	ours := native(g) && (t.apiVersion != "" || builtin[t.kind] != nil || t.kind == "Secret" || t.kind == "ServiceAccount" || t.kind == "ConfigMap")
	switch {
	case ours && t.kind == "Secret":
		s, err := d.secret(o)
		if err == nil {
			m.Secrets = append(m.Secrets, s)
		}
		return err
	case ours && t.kind == "ServiceAccount":
		a, err := d.account(o)
		if err == nil {
			m.Accounts = append(m.Accounts, a)
		}
		return err
	}
	find, inferred := custom[t.kind+"."+g], false
	if ours {
		find = builtin[t.kind]
	} else if find == nil && !patterns(g) {
		find, inferred = inferrer(g), true
	}
	if find == nil {
		return nil
	}
	pods, err := find(shaper{d, inferred}, o)
	if err != nil {
		return err
	}
	for _, p := range pods {
		w, err := d.workload(o, t, p, inferred)
		if err != nil {
			return err
		}
		if inferred && len(w.Images) == 0 {
			continue
		}
		m.Workloads = append(m.Workloads, w)
	}
	return nil
}

// native reports whether a group is of Kubernetes itself: its kinds are all known, so none is guessed at by its shape. A revision of a stateful set or the schema of a
// custom resource holds pod specs that run nowhere.
func native(group string) bool {
	switch group {
	case "", "apps", "batch", "extensions", "autoscaling", "policy":
		return true
	}
	return strings.HasSuffix(group, ".k8s.io")
}

// patterns reports whether the kinds of a group hold pod specs that others are matched with: their images are patterns.
func patterns(group string) bool {
	return group == "kyverno.io" || strings.HasSuffix(group, ".kyverno.io") || strings.HasSuffix(group, ".gatekeeper.sh")
}

// named is the namespace and name of an object.
func (d *document) named(o *yaml.Node) (namespace, name string, err error) {
	v, err := shaper{d: d}.value(dig(o, "metadata"), metaShape)
	if err != nil {
		return "", "", err
	}
	meta, _ := v.(map[string]any)
	namespace, _ = meta["namespace"].(string)
	name, _ = meta["name"].(string)
	if name == "" {
		name, _ = meta["generateName"].(string)
	}
	return namespace, name, nil
}

func (d *document) account(o *yaml.Node) (ServiceAccount, error) {
	var a ServiceAccount
	var err error
	if a.Namespace, a.Name, err = d.named(o); err != nil {
		return a, err
	}
	t, err := typed[serviceAccount](shaper{d: d}, o, object(map[string]*shape{"imagePullSecrets": namesShape}))
	if err == nil {
		a.PullSecrets = secretNames(t.ImagePullSecrets)
	}
	return a, err
}
