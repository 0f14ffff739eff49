package docs

// images illustrates the checks of what is pulled, and of the right to pull it.
var images = map[string]illustration{
	"image-reference": {
		symptom: "A reference that does not parse leaves the pod in `InvalidImageName`, with `couldn't parse image name …: invalid reference format`. A path without a repository is answered by Artifact Registry with an error for the name, and the pod ends in `ImagePullBackOff`.",
		broken:  "image = \"us-central1-docker.pkg.dev/my-project/web:1.4.2\" # PROJECT/IMAGE: the repository is missing",
		look:    "The image must be found under the reference as it is written.",
		commands: `kubectl get pods --all-namespaces --field-selector=status.phase=Pending
gcloud artifacts docker images describe us-central1-docker.pkg.dev/my-project/apps/web:1.4.2`,
	},
	"image-reachable": {
		symptom: "The pod ends in `ImagePullBackOff`; the event `Failed` names the registry and `i/o timeout`. `registry.k8s.io` fails this way on nodes from which `gcr.io` works.",
		broken:  "image = \"registry.k8s.io/pause:3.10\" # on nodes without a way to the internet",
		look:    "The cause stands in events with the reason `Failed`; those with the reason `BackOff` carry none. On a node, any status says that the registry was reached.",
		commands: `kubectl get events --all-namespaces --field-selector=reason=Failed
gcloud compute ssh NODE --zone=ZONE --tunnel-through-iap \
  --command='curl -s -o /dev/null -w "%{http_code}\n" --max-time 10 https://registry.k8s.io/v2/'`,
	},
	"mirror-dependence": {
		symptom: "Works for as long as the cache holds the image. Then up to GKE 1.32 the pull times out towards `registry-1.docker.io`, and from 1.33 on it reads\n\n" +
			"```text\ndocker.io/library/nginx:1.27: not found\n```\n\nthough the image exists.",
		broken:   "image = \"nginx:1.27\" # on nodes without a way to the internet",
		look:     "A 200 says that the cache serves this manifest now, and nothing about its layers or about tomorrow; asking may itself bring the image into the cache.",
		commands: "curl -s -o /dev/null -w \"%{http_code}\\n\" -I -H \"Accept: application/vnd.oci.image.index.v1+json\" \\\n  https://mirror.gcr.io/v2/library/nginx/manifests/1.27",
	},
	"registry-access": {
		symptom: "The pod ends in `ImagePullBackOff`. The registry was reached and refuses, with the same words for a missing right and a missing repository:\n\n" +
			"```text\ndenied: Permission \"artifactregistry.repositories.downloadArtifacts\" denied on resource \"projects/my-project/locations/us-central1/repositories/apps\" (or it may not exist)\n```",
		broken: `# Logging and monitoring only: nothing of Artifact Registry.
resource "google_project_iam_member" "nodes" {
  project = "my-project"
  role    = "roles/container.defaultNodeServiceAccount"
  member  = "serviceAccount:${google_service_account.nodes.email}"
}`,
		look: "The node pool's account, not that of the pod, must hold a role with `artifactregistry.repositories.downloadArtifacts` on the repository or in its project.",
		commands: `gcloud container node-pools describe POOL --cluster=CLUSTER --location=LOCATION --format="value(config.serviceAccount)"
gcloud artifacts repositories get-iam-policy REPOSITORY --location=LOCATION --project=REGISTRY_PROJECT
gcloud projects get-iam-policy REGISTRY_PROJECT --flatten="bindings[].members" \
  --filter="bindings.members:serviceAccount:NODE_ACCOUNT" --format="value(bindings.role)"`,
	},
	"node-scopes": {
		symptom:  "The pod ends in `ImagePullBackOff` with `401 Unauthorized` or `403 Forbidden`, although the account holds the role.",
		broken:   "node_config {\n  oauth_scopes = [\"https://www.googleapis.com/auth/logging.write\", \"https://www.googleapis.com/auth/monitoring\"]\n}",
		look:     "Among the scopes must be one of `cloud-platform`, `cloud-platform.read-only`, `devstorage.read_only`, `devstorage.read_write` or `devstorage.full_control`.",
		commands: `gcloud container node-pools describe POOL --cluster=CLUSTER --location=LOCATION --format="value(config.oauthScopes)"`,
	},
	"repository": {
		symptom: "The pod ends in `ImagePullBackOff`; the event ends in `not found`, `NAME_UNKNOWN`, or a `403` with `(or it may not exist)`.",
		broken: `resource "google_artifact_registry_repository" "apps" {
  location      = "europe-west1" # the image says us-central1-docker.pkg.dev
  repository_id = "apps"
  format        = "DOCKER"
}`,
		look: "Location, project and name must be those of the reference, LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE, and the format DOCKER.",
		commands: `gcloud artifacts repositories describe REPOSITORY --location=LOCATION --project=PROJECT
gcloud artifacts vpcsc-config describe --location=LOCATION --project=PROJECT`,
	},
	"perimeter": {
		symptom: "Pulls from Docker Hub that went by way of the cache are refused:\n\n```text\n403 Forbidden: Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: …\n```\n\n" +
			"Where the nodes have a way to the internet Docker Hub answers instead, and nothing shows but its pull limit.",
		broken:   "status {\n  restricted_services = [\"artifactregistry.googleapis.com\"]\n  resources           = [\"projects/123456789012\"] # and no egress policy\n}",
		look:     "The perimeter that holds the cluster's project needs an egress policy to the project of the cache. The denials stand in the audit log.",
		commands: "gcloud access-context-manager perimeters describe PERIMETER --policy=POLICY --format=\"yaml(status)\"\ngcloud logging read 'protoPayload.metadata.@type=\"type.googleapis.com/google.cloud.audit.VpcServiceControlAuditMetadata\"' --project=PROJECT --limit=10",
	},
	"docker-hub-limit": {
		symptom: "Some pods of a rollout start and others end in `ImagePullBackOff`, until hours later all start:\n\n```text\n429 Too Many Requests: toomanyrequests: You have reached your unauthenticated pull rate limit.\n```",
		broken:  "image = \"grafana/grafana:11.4.0\" # on 200 nodes behind one NAT address",
		look:    "Asked from a node, Docker Hub tells what is left for its NAT address; asking with HEAD does not count. No such header says that there is no limit.",
		commands: `gcloud compute routers get-status ROUTER --region=REGION --format="yaml(result.natStatus)"
token=$(curl -s "https://auth.docker.io/token?service=registry.docker.io&scope=repository:ratelimitpreview/test:pull" | jq -r .token)
curl -s -I -H "Authorization: Bearer $token" https://registry-1.docker.io/v2/ratelimitpreview/test/manifests/latest | grep -i ratelimit`,
	},
	"pull-policy": {
		symptom:  "The first start succeeds. A restart weeks later, on a node that has the image, ends in `ImagePullBackOff`.",
		broken:   "image             = \"nginx:latest\"\nimage_pull_policy = \"Always\"",
		look:     "Lists the images that are asked for at every start.",
		commands: "kubectl get pods --all-namespaces --output=json |\n  jq -r '.items[].spec.containers[] | select(.imagePullPolicy == \"Always\") | .image' | sort -u",
	},
	"pull-secret": {
		symptom: "The pod ends in `ImagePullBackOff` as if no secret had been given: `401 Unauthorized`, `pull access denied`, or the limit of anonymous pulls. A secret that is not there leaves the event `FailedToRetrieveImagePullSecret`; one of the wrong type leaves none.",
		broken:  "type = \"Opaque\"\ndata = {\n  \".dockerconfigjson\" = jsonencode({ auths = { \"registry-1.docker.io\" = { auth = var.auth } } })\n}",
		look:    "The type must be `kubernetes.io/dockerconfigjson`. The second command prints the registries alone; the image's must be among them.",
		commands: `kubectl --namespace=NAMESPACE get secret SECRET --output=jsonpath='{.type}{"\n"}'
kubectl --namespace=NAMESPACE get secret SECRET --output=jsonpath='{.data.\.dockerconfigjson}' | base64 -d | jq '.auths | keys'`,
	},
}
