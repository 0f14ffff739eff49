package diagnose

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
)

// pod notes the images of a pod and those that its containers wait for.
func (r *Reading) pod(p *corev1.Pod) {
	r.Pods++
	key := p.Namespace + "/" + p.Name
	specs := map[string]string{}
	for _, c := range slices.Concat(p.Spec.InitContainers, p.Spec.Containers) {
		specs[c.Name] = c.Image
	}
	for _, c := range p.Spec.EphemeralContainers {
		specs[c.Name] = c.Image
	}
	for _, s := range slices.Concat(p.Status.InitContainerStatuses, p.Status.ContainerStatuses, p.Status.EphemeralContainerStatuses) {
		ref := cmp.Or(specs[s.Name], s.Image)
		w := s.State.Waiting
		failing := w != nil && isPullReason(w.Reason)
		pulled := !failing && (s.ImageID != "" || s.State.Running != nil || s.State.Terminated != nil)
		r.containers[key] = append(r.containers[key], container{ref, pulled})
		if failing {
			r.Failures = append(r.Failures, Failure{Namespace: p.Namespace, Pod: p.Name, Node: p.Spec.NodeName, Image: ref, Reason: w.Reason, Message: clip(w.Message, longest)})
		}
	}
}

func (r *Reading) event(e *corev1.Event) {
	count := e.Count
	if e.Series != nil {
		count = max(count, e.Series.Count)
	}
	r.tell(e.Namespace, e.Name, e.Reason, e.Message, cmp.Or(e.Source.Host, instance(e.ReportingController, e.ReportingInstance)), e.InvolvedObject, count)
}

func (r *Reading) newEvent(e *eventsv1.Event) {
	count := e.DeprecatedCount
	if e.Series != nil {
		count = max(count, e.Series.Count)
	}
	r.tell(e.Namespace, e.Name, e.Reason, e.Note, cmp.Or(e.DeprecatedSource.Host, instance(e.ReportingController, e.ReportingInstance)), e.Regarding, count)
}

// instance is the node that a kubelet reports from.
func instance(controller, name string) string {
	if strings.HasSuffix(controller, "kubelet") {
		return name
	}
	return ""
}

// tell notes an event if it tells of a failed pull.
func (r *Reading) tell(namespace, name, reason, message, node string, about corev1.ObjectReference, count int32) {
	key := namespace + "/" + name
	if name != "" && r.seen[key] {
		return
	}
	r.seen[key] = true
	r.Events++
	if about.Kind != "" && about.Kind != "Pod" || !tellsOfPull(reason, message) {
		return
	}
	f := Failure{Namespace: cmp.Or(about.Namespace, namespace), Pod: about.Name, Node: node, Reason: reason, Message: clip(message, longest), Count: max(1, int(count))}
	f.Image, _, _ = unwrap(f.Message)
	r.Failures = append(r.Failures, f)
}

var failedPull = regexp.MustCompile(`^(?:Failed to (?:pull|inspect) image |Failed to apply default image tag |Error: (?:` + strings.Join(reasons, "|") + `)$)`)

// tellsOfPull keeps the kubelet's events about images (kubernetes pkg/kubelet/events): Failed and BackOff are also written for containers that
// do not start.
func tellsOfPull(reason, message string) bool {
	switch reason {
	case "Failed", "InspectFailed":
		return failedPull.MatchString(message)
	case "BackOff":
		return strings.HasPrefix(message, "Back-off pulling image ")
	case "ErrImageNeverPull", "FailedToRetrieveImagePullSecret":
		return true
	}
	return false
}

// addNode notes what a node's generation says about its messages.
func (r *Reading) addNode(n *corev1.Node) {
	info := n.Status.NodeInfo
	node := Node{Containerd: generation(info.ContainerRuntimeVersion, info.KubeletVersion)}
	for _, a := range n.Status.Addresses {
		node.External = node.External || a.Type == corev1.NodeExternalIP && a.Address != ""
	}
	r.Nodes[n.Name] = node
}

var (
	ofRuntime = regexp.MustCompile(`^containerd://v?(\d+)\.`)
	ofKubelet = regexp.MustCompile(`^v1\.(\d+)\.\S*-gke\.`)
)

// generation is the major version of a node's containerd, 0 where it is not known. GKE runs containerd 2 since 1.33 (migrate-containerd-2).
func generation(runtime, kubelet string) int {
	if m := ofRuntime.FindStringSubmatch(runtime); m != nil {
		if major, err := strconv.Atoi(m[1]); err == nil {
			return major
		}
	}
	if m := ofKubelet.FindStringSubmatch(kubelet); m != nil && runtime == "" {
		if minor, err := strconv.Atoi(m[1]); err == nil {
			if minor >= 33 {
				return 2
			}
			return 1
		}
	}
	return 0
}
