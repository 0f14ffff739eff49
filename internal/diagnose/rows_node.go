package diagnose

import "regexp"

// nodeRows are for what goes wrong on the node or in the namespace, and for registries that are out of order.
var nodeRows = []row{
	{
		name: "node-disk", confidence: Likely, pattern: regexp.MustCompile(`no space left on device|failed to extract layer`),
		title: "The node could not unpack the image, most likely for lack of disk space",
		why:   "The image was fetched and did not fit on the node's boot disk, or a layer could not be unpacked. The end of the message says which.",
		fix:   "node_config {\n  disk_size_gb = 200\n}",
	},
	{
		name: "pull-secret-missing", confidence: Likely, reason: "FailedToRetrieveImagePullSecret", pattern: regexp.MustCompile(`unable to retrieve some image pull secrets`),
		title: "A pull secret that the pod names does not exist in its namespace",
		why:   "Secrets are looked up in the pod's own namespace. The kubelet goes on without it, so a private image is then refused; a public one is still pulled.",
		fix:   loginFix, docs: loginDocs, checks: []string{"pull-secret"},
	},
	{
		name: "registry-error", confidence: Likely, pattern: regexp.MustCompile(`unexpected status.*: 5\d\d\b`),
		title: "The registry is out of order",
		why:   "It was reached and answered with an error of its own (5xx). A proxy or mirror in front of it may be the one that answered. The kubelet tries again by itself.",
		fix:   "# wait, and look at the registry's status page; to depend on it less, pull through a remote repository of Artifact Registry",
	},
}

// reasonRows come last: the reason alone says less than any message.
var reasonRows = []row{
	{
		name: "registry-unavailable", confidence: Unclear, reason: "RegistryUnavailable", pattern: regexp.MustCompile(`registry is unavailable`),
		title:  "The registry was not available to the node",
		why:    "The runtime says that the registry could not be asked and gives no reason that is known here: the registry may be down, or the node may have no path to it.",
		fix:    "# ask the registry from a machine in the subnetwork of the nodes\ncurl -sS -o /dev/null -w '%{http_code}\\n' https://HOST/v2/",
		checks: internetChecks,
	},
	{
		name: "image-inspect-failed", confidence: Unclear, reason: "ImageInspectError", pattern: regexp.MustCompile(`failed to inspect image`),
		title: "The node's container runtime could not say whether it has the image",
		why:   "This is before any pull: containerd did not answer, its store may be damaged, or the image's name may be refused. The network has no part in it.",
		fix:   "# replace the node if it happens on this one only\nkubectl drain NODE --ignore-daemonsets --delete-emptydir-data",
	},
}
