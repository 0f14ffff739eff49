package diagnose

import "regexp"

// signatureRows come first: a signature that was refused is nothing else, whatever the explanation behind it mentions.
var signatureRows = []row{{
	name: "signature-refused", confidence: Certain, reason: "SignatureValidationFailed",
	pattern: regexp.MustCompile(`signature validation failed|signaturevalidationfailed`),
	title:   "The image's signature was refused",
	why:     "The runtime on the node checks signatures and found none that its policy accepts. The image itself was reached.",
	fix:     "# sign the image with a key that the policy names, or change the policy of the runtime on the nodes",
}}

// imageRows are for images that are not there, or not for this node.
var imageRows = []row{
	{
		name: "platform-missing", confidence: Certain, pattern: regexp.MustCompile(`no match for platform in manifest|no matching manifest for`),
		title: "The image is not built for the node's processor",
		why:   "The index of the image holds no manifest for the node's architecture, often arm64 (T2A, C4A) against an image for amd64 only.",
		fix:   "# build for both\ndocker buildx build --platform linux/amd64,linux/arm64 --push -t IMAGE .\n# or keep the pod on nodes it is built for\nnodeSelector:\n  kubernetes.io/arch: amd64",
		docs:  "https://cloud.google.com/kubernetes-engine/docs/how-to/build-multi-arch-for-arm",
	},
	{
		name: "schema-1-image", confidence: Certain, pattern: regexp.MustCompile(`no longer supported since containerd v2|docker\.distribution\.manifest\.v1\+(?:prettyjws|json)|schema 1 image manifests are no longer supported`),
		title: "The image is of Docker's old format, which containerd 2 no longer reads",
		why:   "GKE 1.33 and later run containerd 2, which dropped schema 1 manifests. The node upgrade brought the failure, not the image.",
		fix:   "# rebuild the image with a current tool, which writes the present format\ndocker buildx build --push -t IMAGE .",
		docs:  "https://cloud.google.com/kubernetes-engine/docs/deprecations/migrate-containerd-2",
	},
	{
		// containerd 2 reports 404 over a network error when it asks several hosts, containerd 1 the other way round (core/remotes/docker/resolver.go):
		// with the mirror asked first, a miss there hides that Docker Hub was not reached.
		name: "docker-hub-not-found", confidence: Unclear, pattern: hubNotFound, when: mayHideTimeout,
		title: "Docker Hub image not found, which may mean that Docker Hub was not reached",
		why: "GKE's nodes ask the cache mirror.gcr.io before Docker Hub. By its source, containerd 2 (GKE 1.33 and later) reports \"not found\" from the cache even if Docker Hub behind it timed out, so on a private node the message " +
			"may mean \"not in the cache, and no path to the internet\" as well as \"there is no such image\".",
		fix:  "# does the image exist? from a machine with internet\ndocker manifest inspect IMAGE\n# if it does, give the nodes a path to the internet\nresource \"google_compute_router_nat\" \"nat\" {\n  name                               = \"nat\"\n  router                             = google_compute_router.nat.name\n  region                             = google_compute_router.nat.region\n  nat_ip_allocate_option             = \"AUTO_ONLY\"\n  source_subnetwork_ip_ranges_to_nat = \"ALL_SUBNETWORKS_ALL_IP_RANGES\"\n}\n# or copy the image to Artifact Registry, or pull it through a remote repository there",
		docs: "https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images", checks: append([]string{"mirror-dependence"}, internetChecks...),
	},
	{
		name: "content-missing", confidence: Likely, pattern: regexp.MustCompile(`could not fetch content descriptor.*not found|content at .* not found`),
		title: "The manifest is there, a part of the image is not",
		why:   "The registry serves the manifest and lacks a layer or a manifest that it names: it was deleted, or a cache in front (mirror.gcr.io for Docker Hub) holds only part of the image.",
		fix:   "# pull the same digest from its own registry, push the image again, or try later\ndocker manifest inspect IMAGE",
	},
	{
		name: "image-not-found", confidence: Likely, pattern: regexp.MustCompile(`\bmanifest[ _]unknown|\bname[ _]unknown|: not found\b|: 404\b`),
		title: "The registry has no such image or tag",
		why:   "The registry was reached and does not know the repository or the tag: misspelt, deleted, never pushed, or in another project or location. In Artifact Registry the repository must exist, too.",
		fix:   "# correct the image's name; what is there:\ngcloud artifacts docker images list LOCATION-docker.pkg.dev/PROJECT/REPOSITORY --include-tags",
		docs:  artifactDocs, checks: []string{"repository", "image-exists"},
	},
	{
		name: "invalid-image-name", confidence: Certain, reason: "InvalidImageName", pattern: regexp.MustCompile(`invalid reference format|couldn't parse image`),
		title: "The image's name cannot be read",
		why:   "Names are lower case, HOST/PATH:TAG or HOST/PATH@sha256:DIGEST, without scheme and spaces. A variable that was never filled in is the usual reason.",
		fix:   "# correct the image's name in the workload",
		docs:  "https://kubernetes.io/docs/concepts/containers/images/#image-names", checks: []string{"image-reference"},
	},
	{
		name: "never-pulled", confidence: Certain, reason: "ErrImageNeverPull", pattern: regexp.MustCompile(`not present with pull policy of never`),
		title: "The image is not on the node, and the pod forbids pulling it",
		why:   "imagePullPolicy Never takes only what is on the node already, and a new node has nothing.",
		fix:   "imagePullPolicy: IfNotPresent",
		docs:  "https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy",
	},
}

var hubNotFound = regexp.MustCompile(`(?:^|[\s"])docker\.io/[a-z0-9._/-]+(?::[\w.-]+)?(?:@sha256:[0-9a-f]+)?: not found`)

// mayHideTimeout leaves out containerd 1, which reports the time-out, and nodes with an external address, which need no NAT.
func mayHideTimeout(s symptom) bool { return s.node.Containerd != 1 && !s.node.External }
