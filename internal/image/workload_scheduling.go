package image

import (
	"maps"

	corev1 "k8s.io/api/core/v1"
)

// nodeSelector is what every node of a pod has: its selector, and of the required affinity what leaves one value. Terms are alternatives, so only
// what all of them ask for holds.
func nodeSelector(p *corev1.PodSpec) map[string]string {
	var common map[string]string
	if p.Affinity != nil && p.Affinity.NodeAffinity != nil && p.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution != nil {
		for _, term := range p.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms {
			if len(term.MatchExpressions)+len(term.MatchFields) == 0 {
				continue // an empty term matches no node
			}
			asked := single(term)
			if common == nil {
				common = asked
				continue
			}
			maps.DeleteFunc(common, func(k, v string) bool { other, is := asked[k]; return !is || other != v })
		}
	}
	if len(common)+len(p.NodeSelector) == 0 {
		return nil
	}
	out := maps.Clone(common)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, p.NodeSelector)
	return out
}

func single(t corev1.NodeSelectorTerm) map[string]string {
	out := map[string]string{}
	for _, e := range t.MatchExpressions {
		if e.Operator == corev1.NodeSelectorOpIn && len(e.Values) == 1 {
			out[e.Key] = e.Values[0]
		}
	}
	return out
}

// tolerations writes each as kubectl writes the taint that it tolerates.
func tolerations(list []corev1.Toleration) []string {
	var out []string
	for _, t := range list {
		s := t.Key
		switch t.Operator {
		case corev1.TolerationOpExists:
			if s == "" {
				s = "*"
			}
		case "", corev1.TolerationOpEqual:
			s += "=" + t.Value
		default: // comparisons of numbers
			s += " " + string(t.Operator) + " " + t.Value
		}
		if t.Effect != "" {
			s += ":" + string(t.Effect)
		}
		out = append(out, s)
	}
	return out
}
