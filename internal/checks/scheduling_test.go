package checks

import (
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func selects(label, value string) func(*topology.ImageUse) {
	return func(u *topology.ImageUse) {
		if u.NodeSelector == nil {
			u.NodeSelector = map[string]string{}
		}
		u.NodeSelector[label] = value
	}
}

func onPool(name string) func(*topology.ImageUse) { return selects(labelPool, name) }

// tolerating says which taints the pod tolerates: no others.
func tolerating(list ...string) func(*topology.ImageUse) {
	return func(u *topology.ImageUse) { u.Tolerations, u.TolerationsTold = list, true }
}

func tainted(key, value, effect string) func(*topology.NodePool) {
	return func(p *topology.NodePool) {
		p.Taints = append(p.Taints, topology.Taint{Key: key, Value: value, Effect: effect})
	}
}

func arch(name string) func(*topology.NodePool) {
	return func(p *topology.NodePool) { p.Architecture = name }
}

// hosts has the first pool's containerd ask other hosts for a registry.
func hosts(server string, list ...string) change {
	return pool(func(p *topology.NodePool) { p.RegistryHosts = map[string][]string{server: list} })
}

// A cluster of a private pool that reaches only Google, and a public one: which of them a workload comes onto decides.
func TestPoolsThatMatter(t *testing.T) {
	for _, tc := range []struct {
		name   string
		use    []func(*topology.ImageUse)
		public []func(*topology.NodePool)
		want   topology.Verdict
	}{
		{"nothing is asked: all pools", nil, nil, topology.Fail},
		{"the public pool by name", []func(*topology.ImageUse){onPool("open")}, nil, topology.Pass},
		{"the private pool by name", []func(*topology.ImageUse){onPool("default-pool")}, nil, topology.Fail},
		{"a pool nobody tells of: all pools", []func(*topology.ImageUse){onPool("other")}, nil, topology.Fail},
		{"public nodes", []func(*topology.ImageUse){selects(labelPrivate, "false")}, nil, topology.Pass},
		{"private nodes", []func(*topology.ImageUse){selects(labelPrivate, "true")}, nil, topology.Fail},
		{"an architecture that the public pool has", []func(*topology.ImageUse){selects(labelArch, "arm64")}, []func(*topology.NodePool){arch("arm64")}, topology.Pass},
		{"an architecture that the private pool has not, and the public one may", []func(*topology.ImageUse){selects(labelArch, "arm64")}, nil, topology.Pass},
		{"a label of its own leaves it open", []func(*topology.ImageUse){selects("team", "a")}, nil, topology.Fail},
		{"all labels count", []func(*topology.ImageUse){onPool("open"), selects(labelPrivate, "true")}, nil, topology.Fail},
	} {
		t.Run(tc.name, func(t *testing.T) {
			open := append([]func(*topology.NodePool){public}, tc.public...)
			f := world(pulls(quay, tc.use...), pool(arch("amd64")), addPool("open", open...))
			if r := the(t, judge(f, Policy{}), "image-reachable"); r.Status != tc.want {
				t.Errorf("%s, want %s: %s", r.Status, tc.want, r.Message)
			}
		})
	}
}

// Taints keep pods away from the private pool that could pull nothing.
func TestTaints(t *testing.T) {
	for _, tc := range []struct {
		name  string
		use   func(*topology.ImageUse)
		taint func(*topology.NodePool)
		want  topology.Verdict
	}{
		{"no toleration", tolerating(), tainted("gpu", "true", "NoSchedule"), topology.Pass},
		{"tolerated", tolerating("gpu=true:NoSchedule"), tainted("gpu", "true", "NoSchedule"), topology.Fail},
		{"tolerated by key", tolerating("gpu"), tainted("gpu", "true", "NoExecute"), topology.Fail},
		{"tolerated whatever it is", tolerating("*"), tainted("gpu", "true", "NoSchedule"), topology.Fail},
		{"another value", tolerating("gpu=false"), tainted("gpu", "true", "NoSchedule"), topology.Pass},
		{"another effect", tolerating("gpu:NoExecute"), tainted("gpu", "true", "NoSchedule"), topology.Pass},
		{"another key", tolerating("spot"), tainted("gpu", "true", "NoSchedule"), topology.Pass},
		{"only preferred", tolerating(), tainted("gpu", "true", "PreferNoSchedule"), topology.Fail},
		{"tolerations are not told", func(*topology.ImageUse) {}, tainted("gpu", "true", "NoSchedule"), topology.Fail},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := world(pulls(quay, tc.use), pool(tc.taint), addPool("open", public))
			if r := the(t, judge(f, Policy{}), "image-reachable"); r.Status != tc.want {
				t.Errorf("%s, want %s: %s", r.Status, tc.want, r.Message)
			}
		})
	}
}

// A workload on public nodes asks nothing of the private path.
func TestPublicPoolsAskNothing(t *testing.T) {
	j := judge(world(pulls(quay, declared, onPool("open")), pulls(hub, declared, onPool("open")), addPool("open", public)), Policy{})
	compare(t, the(t, j, "nat-node-range"), want{status: topology.Skip, says: []string{"none of the 2 declared images"}})
	if r := resultsOf(j, "mirror-dependence"); len(r) > 0 {
		t.Errorf("asked of the mirror:%s", texts(r))
	}
	for _, i := range j.Images {
		if i.Reachable != "pass" || i.Via != "internet" || i.MirrorDependent {
			t.Errorf("row %+v", i)
		}
	}
}

// registry_hosts take the mirror's place for docker.io.
func TestRegistryHosts(t *testing.T) {
	const cache = "https://us-docker.pkg.dev/v2/p/hub"
	for _, tc := range []struct {
		name    string
		ref     string
		changes []change
		reach   topology.Verdict
		mirror  bool // whether mirror-dependence is asked
		says    string
	}{
		{"hosts of Google", hub, []change{hosts("docker.io", cache)}, topology.Pass, false, "google"},
		{"hosts of Google that are not reached", hub, []change{hosts("docker.io", cache), access(false, true)}, topology.Fail, false, "private google access is off"},
		{"hosts of one's own", hub, []change{hosts("docker.io", "http://10.0.0.9:5000")}, topology.Undecided, false, "containerd_config sends docker.io to http://10.0.0.9:5000"},
		{"hosts of one's own and Docker Hub behind them", hub, []change{hosts("docker.io", "http://10.0.0.9:5000"), nat("n")}, topology.Pass, false, "internet"},
		{"one host of Google, one of one's own", hub, []change{hosts("docker.io", cache, "10.0.0.9")}, topology.Undecided, false, "10.0.0.9"},
		{"hosts for another registry", hub, []change{hosts("quay.io", cache)}, topology.Skip, true, "mirror-dependence"},
		{"another registry's hosts", quay, []change{hosts("quay.io", cache)}, topology.Pass, false, "google"},
		{"a pool without them beside", hub, []change{hosts("docker.io", cache), addPool("b")}, topology.Skip, true, "mirror-dependence"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := judge(world(append([]change{pulls(tc.ref)}, tc.changes...)...), Policy{Only: []string{"image-reachable", "mirror-dependence"}})
			compare(t, the(t, j, "image-reachable"), want{status: tc.reach, says: []string{tc.says}, fix: ""})
			if asked := len(resultsOf(j, "mirror-dependence")) > 0; asked != tc.mirror {
				t.Errorf("mirror-dependence asked: %v", asked)
			}
		})
	}
}
