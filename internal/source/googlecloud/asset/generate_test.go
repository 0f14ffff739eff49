package asset_test

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// organisation is an export to be generated: four clusters in each project, and so many lines in all.
type organisation struct{ clusters, lines int }

const perProject = 4

// writer writes assets of one project after the other.
type writer struct {
	*bufio.Writer
	lines   int
	project string
	number  int
}

func (w *writer) line(name, kind, content string) {
	w.lines++
	fmt.Fprintf(w, `{"name":%q,"asset_type":%q,%s,"ancestors":["projects/%d","folders/%d","organizations/1"],"update_time":"2026-11-01T00:00:00Z"}`+"\n",
		name, kind, strings.ReplaceAll(content, "\n", ""), w.number, w.number%50)
}

func (w *writer) resource(name, kind, data string, args ...any) {
	w.line(name, kind, `"resource":{"version":"v1","discovery_document_uri":"https://www.googleapis.com/discovery/v1/apis/compute/v1/rest","discovery_name":"X","parent":"//cloudresourcemanager.googleapis.com/projects/700","data":`+fmt.Sprintf(data, args...)+`,"location":"x"}`)
}

func (w *writer) compute(path, kind, data string, args ...any) {
	head := fmt.Sprintf(`{"creationTimestamp":"2026-01-01T00:00:00.000-07:00","id":"77","kind":"compute#x","selfLink":"https://www.googleapis.com/compute/v1/projects/%s/%s",`, w.project, path)
	w.resource("//compute.googleapis.com/projects/"+w.project+"/"+path, "compute.googleapis.com/"+kind, head+data[1:], args...)
}

// generate writes an export: every tenth project has no gateway, every seventh none of its policies. What is asked for beyond that is filled with
// assets that do not matter.
func generate(t testing.TB, o organisation) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "assets.json")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := &writer{Writer: bufio.NewWriterSize(f, 1<<20)}
	projects := max(o.clusters/perProject, 1)
	for n := range projects {
		w.project, w.number = fmt.Sprintf("team-%04d", n), 100000+n
		w.networking(n)
		w.names()
		w.rights(n)
		for c := range min(perProject, o.clusters) {
			w.cluster(c)
		}
		for i := 0; w.lines < o.lines*(n+1)/projects; i++ {
			w.compute(fmt.Sprintf("zones/europe-west1-b/instances/vm-%d", i), "Instance", `{"name":"vm-%d","disks":[{"autoDelete":true,"boot":true,"deviceName":"persistent-disk-0","licenses":["https://www.googleapis.com/compute/v1/projects/debian-cloud/global/licenses/debian-12"]}],
"networkInterfaces":[{"name":"nic0","networkIP":"10.0.0.%d","stackType":"IPV4_ONLY"}],"metadata":{"items":[{"key":"startup-script","value":%q}]}}`, i, i%250, strings.Repeat("echo hello; ", 60))
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func (w *writer) networking(n int) {
	p := "https://www.googleapis.com/compute/v1/projects/" + w.project + "/"
	w.resource(fmt.Sprintf("//cloudresourcemanager.googleapis.com/projects/%d", w.number), "cloudresourcemanager.googleapis.com/Project",
		`{"projectId":%q,"projectNumber":"%d","name":"Team","lifecycleState":"ACTIVE"}`, w.project, w.number)
	w.compute("global/networks/vpc", "Network", `{"name":"vpc","autoCreateSubnetworks":false,"routingConfig":{"routingMode":"REGIONAL"}}`)
	for c := range perProject {
		w.compute(fmt.Sprintf("regions/europe-west1/subnetworks/nodes-%d", c), "Subnetwork", `{"name":"nodes-%d","region":"%sregions/europe-west1","network":"%sglobal/networks/vpc","ipCidrRange":"10.%d.0.0/20","privateIpGoogleAccess":true,
"secondaryIpRanges":[{"rangeName":"pods","ipCidrRange":"10.%d.0.0/16"}],"purpose":"PRIVATE","stackType":"IPV4_ONLY"}`, c, p, p, c, 100+c)
	}
	region := "europe-west1"
	if n%10 == 9 {
		region = "us-east1"
	}
	w.compute("regions/"+region+"/routers/nat", "Router", `{"name":"nat","region":"%sregions/%s","network":"%sglobal/networks/vpc","nats":[{"name":"nat","type":"PUBLIC","endpointTypes":["ENDPOINT_TYPE_VM"],
"sourceSubnetworkIpRangesToNat":"ALL_SUBNETWORKS_ALL_IP_RANGES","natIpAllocateOption":"AUTO_ONLY","logConfig":{"enable":false}}]}`, p, region, p)
	w.compute("global/routes/default", "Route", `{"name":"default","network":"%sglobal/networks/vpc","destRange":"0.0.0.0/0","priority":1000,"nextHopGateway":"%sglobal/gateways/default-internet-gateway"}`, p, p)
	for i := range 6 {
		w.compute(fmt.Sprintf("global/firewalls/rule-%d", i), "Firewall", `{"name":"rule-%d","network":"%sglobal/networks/vpc","direction":%q,"priority":%d,"allowed":[{"IPProtocol":"tcp","ports":["443"]}]}`,
			i, p, map[bool]string{true: "INGRESS", false: "EGRESS"}[i < 5], 1000+i)
	}
}

func (w *writer) names() {
	zone := fmt.Sprintf("//dns.googleapis.com/projects/%d/managedZones/5%d", w.number, w.number)
	w.resource(zone, "dns.googleapis.com/ManagedZone", `{"name":"corp","id":"5%d","dnsName":"corp.internal.","visibility":"private","privateVisibilityConfig":{"networks":[{"networkUrl":"https://www.googleapis.com/compute/v1/projects/%s/global/networks/vpc"}]}}`, w.number, w.project)
	for i := range 5 {
		w.resource(fmt.Sprintf("%s/rrsets/host-%d.corp.internal./A", zone, i), "dns.googleapis.com/ResourceRecordSet", `{"name":"host-%d.corp.internal.","type":"A","ttl":300,"rrdatas":["10.0.0.%d"]}`, i, i)
	}
}

func (w *writer) rights(n int) {
	store := "//artifactregistry.googleapis.com/projects/" + w.project + "/locations/europe/repositories/apps"
	w.resource(store, "artifactregistry.googleapis.com/Repository", `{"name":%q,"format":"DOCKER","mode":"STANDARD_REPOSITORY","sizeBytes":"1234"}`, strings.TrimPrefix(store, "//artifactregistry.googleapis.com/"))
	if n%7 == 6 {
		return
	}
	var bindings []string
	for i := range 25 {
		bindings = append(bindings, fmt.Sprintf(`{"role":"roles/service%d.agent","members":["serviceAccount:service-%d@gcp-sa-%d.iam.gserviceaccount.com","user:someone@example.com"]}`, i, w.number, i))
	}
	w.line(fmt.Sprintf("//cloudresourcemanager.googleapis.com/projects/%d", w.number), "cloudresourcemanager.googleapis.com/Project", `"iam_policy":{"version":1,"etag":"BwXSd+CQHPE=","bindings":[`+strings.Join(bindings, ",")+`]}`)
	w.line(store, "artifactregistry.googleapis.com/Repository", fmt.Sprintf(`"iam_policy":{"bindings":[{"role":"roles/artifactregistry.reader","members":["serviceAccount:nodes@%s.iam.gserviceaccount.com"]}]}`, w.project))
}

func (w *writer) cluster(c int) {
	at := fmt.Sprintf("//container.googleapis.com/projects/%s/locations/europe-west1/clusters/gke-%d", w.project, c)
	pool := fmt.Sprintf(`{"name":"main","initialNodeCount":1,"autoscaling":{"enabled":true,"maxNodeCount":10},"locations":["europe-west1-b","europe-west1-c"],"management":{"autoUpgrade":true},"status":"RUNNING","version":"1.33.1-gke.100",
"networkConfig":{"podRange":"pods","podIpv4CidrBlock":"10.100.0.0/16","enablePrivateNodes":true},"config":{"machineType":"e2-standard-4","diskSizeGb":100,"imageType":"COS_CONTAINERD","metadata":{"disable-legacy-endpoints":"true"},
"serviceAccount":"nodes@%s.iam.gserviceaccount.com","oauthScopes":["https://www.googleapis.com/auth/cloud-platform"],"shieldedInstanceConfig":{"enableSecureBoot":true}}}`, w.project)
	w.resource(at, "container.googleapis.com/Cluster", `{"name":"gke-%d","location":"europe-west1","selfLink":"https://container.googleapis.com/v1/projects/%s/locations/europe-west1/clusters/gke-%d","network":"vpc","subnetwork":"nodes-%d","endpoint":"203.0.113.7",
"masterAuth":{"clusterCaCertificate":%q},"addonsConfig":{"httpLoadBalancing":{},"dnsCacheConfig":{"enabled":true}},"loggingConfig":{"componentConfig":{"enableComponents":["SYSTEM_COMPONENTS"]}},"status":"RUNNING",
"networkConfig":{"network":"projects/%s/global/networks/vpc","subnetwork":"projects/%s/regions/europe-west1/subnetworks/nodes-%d","datapathProvider":"ADVANCED_DATAPATH","defaultEnablePrivateNodes":true},
"ipAllocationPolicy":{"useIpAliases":true,"clusterSecondaryRangeName":"pods"},"nodePools":[%s]}`, c, w.project, c, c, strings.Repeat("LS0tLS1CRUdJ", 120), w.project, w.project, c, pool)
	w.resource(at+"/nodePools/main", "container.googleapis.com/NodePool", "%s", pool)
	for i := range 12 {
		image := fmt.Sprintf("europe-docker.pkg.dev/%s/apps/service-%d:1.%d", w.project, i, i)
		if i%4 == 3 {
			image = fmt.Sprintf("quay.io/prometheus/exporter-%d:v1", i)
		}
		spec := fmt.Sprintf(`{"serviceAccountName":"web","containers":[{"name":"web","image":%q,"imagePullPolicy":"IfNotPresent","env":[{"name":"A","value":"b"}],"resources":{"requests":{"cpu":"100m","memory":"128Mi"}},"ports":[{"containerPort":8080,"protocol":"TCP"}]}],"restartPolicy":"Always","terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{}}`, image)
		name := fmt.Sprintf("service-%d", i)
		template := `{"replicas":2,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":` + spec + `}}`
		w.object(at, "deployments", "apps.k8s.io/Deployment", name, "", template)
		w.object(at, "replicasets", "apps.k8s.io/ReplicaSet", name+"-abc", `{"kind":"Deployment","name":"`+name+`","controller":true}`, template)
		for _, suffix := range []string{"-x", "-y"} {
			w.object(at, "pods", "k8s.io/Pod", name+"-abc"+suffix, `{"kind":"ReplicaSet","name":"`+name+`-abc","controller":true}`, spec)
		}
	}
}

func (w *writer) object(cluster, plural, kind, name, owner, spec string) {
	w.resource(cluster+"/k8s/namespaces/shop/"+plural+"/"+name, kind, `{"metadata":{"name":%q,"namespace":"shop","uid":"0a1b2c3d","ownerReferences":[%s],"managedFields":[{"manager":"kube-controller-manager","operation":"Update","fieldsV1":{"f:metadata":{"f:annotations":{".":{}},"f:labels":{".":{}}}}}]},"spec":%s,"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}`,
		name, owner, spec)
}

// The generator writes what the reader reads: an export that says nothing would be read fast.
func TestGenerate(t *testing.T) {
	f, notes := read(t, generate(t, organisation{clusters: 40, lines: 4000}))
	if len(f.Clusters) != 40 || len(f.Images) != 40*12 || len(f.NATs) != 10 || len(f.RecordSets) != 50 || len(notes) != 0 {
		t.Errorf("%d clusters, %d images, %d gateways, %d record sets, notes %q", len(f.Clusters), len(f.Images), len(f.NATs), len(f.RecordSets), notes)
	}
	if got, said := verdict(t, "nat-node-range", f); got.String() != "fail" {
		t.Errorf("%v: %s", got, said)
	}
}
