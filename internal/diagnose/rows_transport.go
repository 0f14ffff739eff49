package diagnose

import "regexp"

const registryHosts = "https://cloud.google.com/kubernetes-engine/docs/how-to/customize-containerd-configuration"

// transportRows are for servers that answer, but not as a registry; limitRows for registries that answer "later".
var transportRows = []row{
	{
		name: "connection-refused", confidence: Likely, pattern: regexp.MustCompile(`connection refused`),
		title: "Nothing listens at the registry's address",
		why:   "The address was reached and refused the connection: a registry, proxy or mirror that is down, a wrong port, or a mirror on localhost that is not running on this node.",
		fix:   "# check the address in the message; mirrors of the node pool stand in\nnode_config {\n  containerd_config {\n    registry_hosts {\n      server = \"registry.example.com\"\n      hosts {\n        host = \"https://mirror.example.com\"\n      }\n    }\n  }\n}",
		docs:  registryHosts,
	},
	{
		name: "certificate-not-trusted", confidence: Certain, pattern: regexp.MustCompile(`x509: |tls: failed to verify certificate`),
		title: "The node does not accept the registry's certificate",
		why: "The certificate is of a private authority, has expired, is for another name, or belongs to a proxy that intercepts TLS on the way. The end of the message says which. " +
			"Nodes trust public authorities only, unless the node pool is given another.",
		fix:  "# for a private authority\nnode_config {\n  containerd_config {\n    private_registry_access_config {\n      enabled = true\n      certificate_authority_domain_config {\n        fqdns = [\"registry.example.com\"]\n        gcp_secret_manager_certificate_config {\n          secret_uri = \"projects/PROJECT/secrets/SECRET/versions/1\"\n        }\n      }\n    }\n  }\n}",
		docs: registryHosts,
	},
	{
		name: "registry-without-tls", confidence: Certain, pattern: regexp.MustCompile(`server gave http response to https client`),
		title: "The registry speaks plain HTTP",
		why:   "containerd asks registries over HTTPS unless the node pool's configuration says otherwise for the host.",
		fix:   "# give the registry a certificate, or name it with its scheme\nnode_config {\n  containerd_config {\n    registry_hosts {\n      server = \"registry.example.com\"\n      hosts {\n        host = \"http://registry.example.com:5000\"\n      }\n    }\n  }\n}",
		docs:  registryHosts,
	},
}

var limitRows = []row{
	{
		name: "artifact-registry-quota", confidence: Certain, pattern: regexp.MustCompile(`toomanyrequests.*quota metric|quota exceeded for quota metric`),
		title: "The quota of Artifact Registry is used up",
		why:   "The project that is charged has made more requests in this minute than its quota allows. GKE's own images count, too. The kubelet tries again by itself.",
		fix:   "# raise the quota of artifactregistry.googleapis.com, or let fewer nodes pull at once\ngcloud artifacts repositories list --project=PROJECT",
		docs:  "https://cloud.google.com/artifact-registry/quotas",
	},
	{
		name: "registry-rate-limit", confidence: Certain, pattern: regexp.MustCompile(`toomanyrequests|429 too many requests|pull rate limit`),
		title: "The registry limits how often may be pulled",
		why: "Docker Hub counts anonymous pulls by address, and all nodes behind one NAT address share its allowance. Other registries have limits of their own. " +
			"Images that mirror.gcr.io serves do not count.",
		fix:    "# pull through a remote repository that has credentials, instead of asking Docker Hub from every node\nresource \"google_artifact_registry_repository\" \"docker_hub\" {\n  location      = \"REGION\"\n  repository_id = \"docker-hub\"\n  format        = \"DOCKER\"\n  mode          = \"REMOTE_REPOSITORY\"\n  remote_repository_config {\n    docker_repository {\n      public_repository = \"DOCKER_HUB\"\n    }\n  }\n}\n# or imagePullSecrets of an account, or more NAT addresses",
		docs:   "https://docs.docker.com/docker-hub/usage/",
		checks: []string{"docker-hub-limit"},
	},
}
