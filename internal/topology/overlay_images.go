package topology

// layImages lays what workloads pull: a workload's images are those that the upper facts tell of it.
func layImages(lower, upper []*ImageUse, gone map[ID]bool) []*ImageUse {
	over, told := make(map[string]bool, len(upper)), map[ID]bool{}
	for _, u := range upper {
		over[u.From] = true
		if u.Object.ID != "" {
			told[u.Object.ID] = true
		}
	}
	out := append([]*ImageUse(nil), upper...)
	for _, u := range lower {
		if over[u.From] {
			continue
		}
		if len(told)+len(gone) > 0 {
			if id := u.workload(); id != "" && (told[id] || gone[id]) {
				continue
			}
		}
		out = append(out, u)
	}
	return out
}

// workload is the identity of the use's workload. Those that run have none of their own, as there may be a million of them.
func (u *ImageUse) workload() ID {
	if u.Object.ID != "" {
		return u.Object.ID
	}
	return WorkloadID(u.Cluster, u.Namespace, u.Object.Kind, u.Object.Name)
}

// WorkloadID is the identity of a Kubernetes workload, whoever tells of it; empty where not all of it is known.
func WorkloadID(cluster Value[ID], namespace, kind, name string) ID {
	c, known := cluster.Get()
	if !known || namespace == AnyNamespace || kind == "" || name == "" {
		return ""
	}
	if namespace == "" {
		namespace = "default"
	}
	return ID("workload:" + string(c) + "/" + namespace + "/" + kind + "/" + name)
}
