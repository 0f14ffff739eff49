package image

import (
	"strings"

	"go.yaml.in/yaml/v4"
	corev1 "k8s.io/api/core/v1"
)

type serviceAccount = corev1.ServiceAccount

// workload writes down what a pod spec pulls.
func (d *document) workload(o *yaml.Node, t typeMeta, p pod, inferred bool) (Workload, error) {
	w := Workload{Kind: t.kind, APIVersion: t.apiVersion, File: d.file, Line: d.lineOf(o), Inferred: inferred, Replicas: p.replicas}
	var err error
	if w.Namespace, w.Name, err = d.named(o); err != nil {
		return w, err
	}
	w.PullSecrets = secretNames(p.spec.ImagePullSecrets)
	w.ServiceAccount = p.spec.ServiceAccountName
	if w.ServiceAccount == "" {
		w.ServiceAccount = p.spec.DeprecatedServiceAccount
	}
	w.NodeSelector = nodeSelector(p.spec)
	w.Tolerations = tolerations(p.spec.Tolerations)
	all := mentions(p, d)
	w.Images = make([]Mention, 0, len(all))
	for _, m := range all {
		keep, err := d.keep(m, p, inferred)
		if err != nil {
			return w, err
		}
		if keep {
			w.Images = append(w.Images, m.Mention)
		}
	}
	return w, nil
}

func (d *document) lineOf(n *yaml.Node) int { return d.line + n.Line - 1 }

// mention is a Mention with the node of its reference; nil where none is written.
type mention struct {
	Mention
	ref *yaml.Node
}

// mentions are the images of a pod spec in the order in which they are started. Values and nodes have the same order.
func mentions(p pod, d *document) []mention {
	var out []mention
	add := func(m Mention, item *yaml.Node, keys ...string) {
		ref := dig(item, keys...)
		if item != nil {
			m.Line = d.lineOf(item)
		}
		if !isNull(ref) {
			m.Line = d.lineOf(ref)
		} else {
			ref = nil
		}
		out = append(out, mention{m, ref})
	}
	items := list(dig(p.node, "initContainers"))
	for i, c := range p.spec.InitContainers {
		add(Mention{Ref: c.Image, Container: c.Name, Policy: string(c.ImagePullPolicy), Init: true}, nth(items, i), "image")
	}
	items = list(dig(p.node, "containers"))
	for i, c := range p.spec.Containers {
		add(Mention{Ref: c.Image, Container: c.Name, Policy: string(c.ImagePullPolicy)}, nth(items, i), "image")
	}
	items = list(dig(p.node, "ephemeralContainers"))
	for i, c := range p.spec.EphemeralContainers {
		add(Mention{Ref: c.Image, Container: c.Name, Policy: string(c.ImagePullPolicy), Ephemeral: true}, nth(items, i), "image")
	}
	items = list(dig(p.node, "volumes"))
	for i, v := range p.spec.Volumes {
		if v.Image != nil {
			add(Mention{Ref: v.Image.Reference, Container: v.Name, Policy: string(v.Image.PullPolicy), Volume: true}, nth(items, i), "image", "reference")
		}
	}
	return out
}

// keep decides whether a mention is one that somebody pulls.
func (d *document) keep(m mention, p pod, inferred bool) (bool, error) {
	switch {
	case strings.Contains(m.Ref, "{{") && (!inferred || directive.MatchString(m.Ref)):
		return false, d.at(m.ref, errTemplate)
	case inferred:
		// An operator fills in the rest: {{ }} of Argo workflows, $( ) of Tekton.
		return m.Ref != "" && !strings.Contains(m.Ref, "{{") && !strings.Contains(m.Ref, "$("), nil
	case m.Ref == "auto" && p.meta["inject.istio.io/templates"] != "":
		return false, nil // Istio's webhook puts its proxy there
	}
	// Left out in a template, a controller or a webhook fills it in; written and empty, nothing does.
	return m.Ref != "" || m.ref != nil || p.bare, nil
}

func nth(items []*yaml.Node, i int) *yaml.Node {
	if i < len(items) {
		return items[i]
	}
	return nil
}

func secretNames(refs []corev1.LocalObjectReference) []string {
	var out []string
	for _, r := range refs {
		if r.Name != "" {
			out = append(out, r.Name)
		}
	}
	return out
}
