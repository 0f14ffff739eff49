package diagnose

import "regexp"

const (
	artifactDocs = "https://cloud.google.com/artifact-registry/docs/docker/troubleshoot"
	grantReader  = "gcloud artifacts repositories add-iam-policy-binding REPOSITORY --project=PROJECT --location=LOCATION --member=serviceAccount:NODE_SERVICE_ACCOUNT --role=roles/artifactregistry.reader"
	loginDocs    = "https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/"
	loginFix     = "kubectl create secret docker-registry NAME --namespace NAMESPACE --docker-server=HOST --docker-username=USER --docker-password=PASSWORD\n# and imagePullSecrets: [{name: NAME}] in the pod or its service account; for Docker Hub the host is https://index.docker.io/v1/"
)

// unknownToHub are Docker Hub's words for a repository that it does not show; they end in "authorization failed" as others do.
var unknownToHub = regexp.MustCompile(`pull access denied|insufficient_scope|repository does not exist or may require`)

// accessRows are for registries that answer "no".
var accessRows = []row{
	{
		name: "artifact-registry-denied", confidence: Likely, pattern: regexp.MustCompile(`permission \\?"artifactregistry\.repositories\.downloadartifacts\\?" denied`),
		title: "The node's service account may not read the repository, or the repository does not exist",
		why: "Artifact Registry answers the same for both. Nodes pull as the service account of their node pool, not as the pod's; roles/container.defaultNodeServiceAccount does not include it, " +
			"and the grant belongs in the project of the registry.",
		fix: grantReader, docs: artifactDocs, checks: []string{"registry-access", "repository"},
	},
	{
		name: "service-perimeter", confidence: Certain, pattern: regexp.MustCompile(`request is prohibited by organization's policy|vpcservicecontrolsuniqueidentifier`),
		title: "VPC Service Controls refuse the pull",
		why: "A perimeter lies between the node's project and the registry's. mirror.gcr.io and remote repositories lie outside every perimeter: the first needs an egress rule to projects/342927644502, " +
			"method artifactregistry.googleapis.com/DockerRead; the second must be allowed to reach its upstream.",
		fix:  "# look the refusal up by its identifier, then add an ingress or egress rule\ngcloud logging read 'protoPayload.metadata.vpcServiceControlsUniqueId=\"IDENTIFIER\"' --project=PROJECT\n# for remote repositories\ngcloud artifacts vpcsc-config allow --project=PROJECT --location=LOCATION",
		docs: "https://cloud.google.com/vpc-service-controls/docs/troubleshooting", checks: []string{"perimeter"},
	},
	{
		name: "token-refused", confidence: Likely, pattern: regexp.MustCompile(`failed to fetch oauth token: .*: 40[13]\b`),
		title: "The registry's token service refused the credentials",
		why:   "Credentials were sent and not accepted. For Google's registries they are those of the node's service account: it may lack the role, the pool may lack the scope, or the account may be disabled. For others: the pull secret.",
		fix:   grantReader + "\n# other registries: renew the pull secret", docs: artifactDocs, checks: []string{"registry-access", "node-scopes", "pull-secret"},
	},
	{
		name: "no-credentials", confidence: Likely, pattern: regexp.MustCompile(`failed to fetch anonymous token: .*: 40[13]\b`),
		title: "The repository is private and no credentials were sent",
		why: "The kubelet found no credentials whose host and path match the image: no pull secret, one in another namespace, one of a type that it ignores (Opaque), or a key such as hub.docker.com that never matches. " +
			"For Google's registries it asks as the node's service account only at hosts *.gcr.io and *.pkg.dev.",
		fix: loginFix, docs: loginDocs, checks: []string{"pull-secret", "registry-access"},
	},
	{
		name: "google-registry-forbidden", confidence: Likely, pattern: regexp.MustCompile(`403 forbidden|: forbidden\b`), when: toGoogle,
		title: "Google's registry refused the node: its service account or its scopes do not allow pulling",
		why: "The network is open. The node's service account may lack roles/artifactregistry.reader in the registry's project, or the node pool's OAuth scopes may leave out storage. " +
			"A repository that does not exist may be refused the same way.",
		fix:  grantReader + "\n# scopes of the node pool, which a change replaces\nnode_config {\n  oauth_scopes = [\"https://www.googleapis.com/auth/cloud-platform\"]\n}",
		docs: artifactDocs, checks: []string{"registry-access", "node-scopes", "perimeter"},
	},
	{
		name: "registry-forbidden", confidence: Likely, pattern: regexp.MustCompile(`403 forbidden|: forbidden\b`), when: notGoogle,
		title: "The registry refused the pull",
		why:   "The network is open. The credentials may not read this image, the image may be private and none were sent, or the registry may refuse the address or region that the request came from.",
		fix:   loginFix, docs: loginDocs, checks: []string{"pull-secret"},
	},
	{
		name: "google-registry-unauthorized", confidence: Likely, pattern: unauthorized, except: unknownToHub, when: toGoogle,
		title: "Google's registry got no valid credentials from the node",
		why:   "The network is open. The node pool may lack the OAuth scope for storage or cloud-platform, though the service account has the role; or the account may be disabled or gone.",
		fix:   "# scopes of the node pool, which a change replaces\nnode_config {\n  oauth_scopes = [\"https://www.googleapis.com/auth/cloud-platform\"]\n}\n" + grantReader,
		docs:  artifactDocs, checks: []string{"node-scopes", "registry-access"},
	},
	{
		name: "registry-unauthorized", confidence: Likely, pattern: unauthorized, except: unknownToHub, when: notGoogle,
		title: "The registry got no valid credentials",
		why:   "No pull secret matches the image's host and path, or the one that does is wrong or has expired.",
		fix:   loginFix, docs: loginDocs, checks: []string{"pull-secret"},
	},
	{
		name: "pull-access-denied", confidence: Likely, pattern: unknownToHub,
		title: "The repository does not exist, or is private",
		why:   "Docker Hub answers the same for both: a misspelt name (official images are library/NAME), a repository that was withdrawn, or a private one without a pull secret that matches.",
		fix:   "# correct the image's name, or\n" + loginFix, docs: loginDocs, checks: []string{"pull-secret"},
	},
}

var unauthorized = regexp.MustCompile(`401 unauthorized|no basic auth credentials|authorization failed`)
