package terraform

import (
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// registryHosts are the hosts that a pool's containerd_config lists, by registry; the cluster's default stands where the pool says nothing.
func (w *world) registryHosts(c *topology.Cluster, get func(...string) cty.Value) map[string][]string {
	servers, _ := elements(get("node_config", "containerd_config", "registry_hosts"))
	if cluster := w.clusters[c.ID]; len(servers) == 0 && cluster != nil {
		servers, _ = elements(w.settled(cluster, "node_pool_defaults", "node_config_defaults", "containerd_config", "registry_hosts"))
	}
	out := map[string][]string{}
	for _, s := range servers {
		server := attribute(s, "server")
		name, known := asString(server)
		if !known || isSensitive(server) {
			continue
		}
		out[name] = []string{}
		hosts, _ := elements(attribute(s, "hosts"))
		for _, h := range hosts {
			host := "a host that is not known"
			if v := attribute(h, "host"); !isSensitive(v) && isKnown(v) {
				host = shown(v)
			}
			out[name] = append(out[name], host)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// taintsOf reads the taints that a pool is configured with, as Kubernetes writes their effects.
func taintsOf(v cty.Value) []topology.Taint {
	effects := map[string]string{"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
	var out []topology.Taint
	list, _ := elements(v)
	for _, t := range list {
		if isSensitive(t) || isSensitive(attribute(t, "key")) || isSensitive(attribute(t, "value")) {
			continue
		}
		key, known := asString(attribute(t, "key"))
		value, _ := asString(attribute(t, "value"))
		effect, _ := asString(attribute(t, "effect"))
		if known && effects[effect] != "" {
			out = append(out, topology.Taint{Key: key, Value: value, Effect: effects[effect]})
		}
	}
	return out
}

// selectorOf is what every node of a pod has: its selector, and of the required affinity what leaves one value. With several terms, which are
// alternatives, the affinity leaves it open.
func selectorOf(spec cty.Value) map[string]string {
	out := map[string]string{}
	terms, _ := elements(dig(spec, "affinity", "node_affinity", "required_during_scheduling_ignored_during_execution", "node_selector_term"))
	if len(terms) == 1 {
		expressions, _ := elements(attribute(terms[0], "match_expressions"))
		for _, e := range expressions {
			operator, _ := asString(attribute(e, "operator"))
			values, told := elements(attribute(e, "values"))
			if key, known := asString(attribute(e, "key")); known && told && operator == "In" && len(values) == 1 && !isSensitive(attribute(e, "key")) {
				label(out, key, values[0])
			}
		}
	}
	selector, _ := attribute(spec, "node_selector").Unmark()
	if selector.IsKnown() && !selector.IsNull() && !isSensitive(attribute(spec, "node_selector")) && (selector.Type().IsObjectType() || selector.Type().IsMapType()) {
		for key, v := range selector.AsValueMap() {
			label(out, key, v)
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

func label(into map[string]string, key string, v cty.Value) {
	if s, known := asString(v); known && !isSensitive(v) {
		into[key] = s
	}
}

// tolerationsOf writes each toleration as kubectl writes the taint that it tolerates; told is false where one is not known.
func tolerationsOf(spec cty.Value) (out []string, told bool) {
	list, told := elements(attribute(spec, "toleration"))
	for _, t := range list {
		if isSensitive(t) {
			return nil, false
		}
		var texts [4]string
		for i, a := range []string{"key", "operator", "value", "effect"} {
			v := attribute(t, a)
			if !isKnown(v) || isSensitive(v) {
				return nil, false
			}
			texts[i], _ = asString(v)
		}
		s := texts[0]
		switch {
		case texts[1] == "Exists" && s == "":
			s = "*"
		case texts[1] != "Exists":
			s += "=" + texts[2]
		}
		if texts[3] != "" {
			s += ":" + texts[3]
		}
		out = append(out, s)
	}
	return out, told
}
