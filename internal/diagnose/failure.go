package diagnose

import (
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
)

// Failure is one image that a pod could not pull, as its status or an event tells it.
type Failure struct {
	Namespace, Pod, Node string
	Image                string
	// Reason is the container's waiting reason or the event's reason.
	Reason  string
	Message string
	// Count is how often an event was seen; 0 for a pod's status.
	Count int
}

// Node is what a node's generation tells of its messages.
type Node struct {
	// Containerd is the major version of the node's containerd, 0 where it is not known.
	Containerd int
	// External is true when the node has an external address, so that it needs no NAT.
	External bool
}

// container is one image of a pod that was read, and whether the node has it.
type container struct {
	image  string
	pulled bool
}

// Reading is what the input holds of failed pulls and of what helps to explain them.
type Reading struct {
	Failures []Failure
	Nodes    map[string]Node
	// Pods and Events count what was read.
	Pods, Events int

	containers map[string][]container // by namespace/name
	seen       map[string]bool        // events, by namespace/name: both APIs show the same ones
}

func newReading() *Reading {
	return &Reading{Nodes: map[string]Node{}, containers: map[string][]container{}, seen: map[string]bool{}}
}

// node is what is known of the node of a failure. Where its own is gone, as after scaling down, the others speak for it if they agree.
func (r *Reading) node(name string) Node {
	if n, ok := r.Nodes[name]; ok {
		return n
	}
	common, first := Node{}, true
	for _, n := range r.Nodes {
		switch {
		case first:
			common, first = Node{Containerd: n.Containerd}, false
		case common.Containerd != n.Containerd:
			return Node{}
		}
	}
	return common
}

// recovered reports whether the pod that failed is in the input and has the image by now.
func (r *Reading) recovered(f Failure) bool {
	list := r.containers[f.Namespace+"/"+f.Pod]
	found := false
	for _, c := range list {
		if f.Image != "" && normalized(c.image) != normalized(f.Image) {
			continue
		}
		if !c.pulled {
			return false
		}
		found = true
	}
	return found
}

// normalized is an image as the node asks for it; as written where it does not parse.
func normalized(ref string) string {
	if r, err := image.Parse(ref); err == nil {
		return r.Normalized
	}
	return strings.TrimSpace(ref)
}
