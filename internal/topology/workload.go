package topology

// AnyNamespace stands for a namespace that is not known.
const AnyNamespace = "*"

// ImageUse is one mention of a container image.
type ImageUse struct {
	Ref Value[string]
	// Registry is the host that the references of an unknown image give away, marked inferred; empty otherwise.
	Registry string
	// Cluster whose nodes pull it. Unknown when the workload could not be joined.
	Cluster Value[ID]
	// From is the workload's address, or file:line.
	From string
	// Object is the workload.
	Object Object
	// Declared is true for an image named by a flag or a gate; false for one found in a workload.
	Declared bool
	// Inferred is true for an image that only looks like one: a Helm value, a custom resource.
	Inferred bool

	// Namespace is empty for the default one, and AnyNamespace where it is not known.
	Namespace string
	// Policy is imagePullPolicy as written; empty when left out.
	Policy string
	// Secrets are the names of the pod's imagePullSecrets; Account the pod's service account. SecretsLent is true where the account lends them.
	Secrets     []string
	SecretsLent bool
	Account     string
	// NodeSelector are the labels a node must have. Tolerations are those of the pod, as kubectl writes the taint that each tolerates;
	// TolerationsTold is false where nobody said which taints it tolerates.
	NodeSelector    map[string]string
	Tolerations     []string
	TolerationsTold bool
	// Replicas is how many pods the workload runs; zero where it is one for each node, or not told.
	Replicas int
}

// DeclareImage is an image that an argument names; from is its place there: images[0].
func DeclareImage(ref, argument, from string) *ImageUse {
	return &ImageUse{Declared: true, Ref: Known(ref, Origin{Object: argument}), From: from, Object: Object{Kind: "image", Address: from, Name: ref}}
}

// PullSecret is a Kubernetes secret that pods may pull with. What is in it never becomes a fact, only which registries it names.
type PullSecret struct {
	Object
	Cluster   Value[ID]
	Namespace string
	Type      Value[string]
	// Keys are the registry keys of its auths. Unknown when the data is.
	Keys Value[[]string]
	// Complaint says why its data cannot be used ("is no JSON"); empty when it can.
	Complaint string
}
