package googlecloud_test

import "fmt"

const scope = "https://www.googleapis.com/auth/"

func (d *dice) someCluster(name string) {
	location := pick(d, near, near, near+"-b")
	own, ranges, body := fields{}, fields{"useIpAliases": true, "clusterSecondaryRangeName": "pods"}, fields{}
	d.set(own, 1+d.IntN(2), "defaultEnablePrivateNodes", !d.once(5))
	d.set(own, 4, "defaultSnatStatus", fields{"disabled": true})
	d.set(ranges, 4, "additionalPodRangesConfig", fields{"podRangeNames": list(pick(d, "more", "gone"))})
	d.set(ranges, 5, "additionalIpRangesConfigs", list(fields{"subnetwork": "projects/" + d.net + "/regions/" + near + "/subnetworks/b", "podIpv4RangeNames": list("pods")}))
	d.set(ranges, 6, "autoIpamConfig", fields{"enabled": true})
	body["networkConfig"], body["ipAllocationPolicy"] = own, ranges
	body["locations"] = list(near + "-b")
	if location == near || d.once(3) {
		body["locations"] = list(near+"-b", near+"-c")
	}
	if d.once(6) {
		body["nodePoolDefaults"] = fields{"nodeConfigDefaults": fields{"containerdConfig": d.mirror()}}
	}
	var pools []fields
	if d.once(5) {
		body["autopilot"], location = fields{"enabled": true}, near
		if d.once(2) {
			body["autoscaling"] = fields{"autoprovisioningNodePoolDefaults": fields{"serviceAccount": "nodes@shop.iam.gserviceaccount.com", "oauthScopes": list(scope + "cloud-platform")}}
		}
		d.set(body, 2, "nodePoolAutoConfig", fields{"networkTags": fields{"tags": list("egress")}})
		if d.once(2) {
			pools = append(pools, d.pool("pool-1"))
		}
	} else {
		for i := range 1 + d.IntN(3) {
			pools = append(pools, d.pool(fmt.Sprint("pool-", i)))
		}
	}
	d.cluster(d.project, location, name, d.net, "vpc", pick(d, "a", "a", "b", "c"), body, pools...).more = fields{"inline": d.once(3)}
}

func (d *dice) mirror() fields {
	return fields{"registryHosts": list(fields{"server": "docker.io", "hosts": list(fields{"host": "https://" + pick(d, "mirror.example.com", near+"-docker.pkg.dev/v2/shop/hub")})})}
}

func (d *dice) pool(name string) fields {
	config := fields{"machineType": pick(d, "e2-standard-4", "t2a-standard-4", "c4a-standard-8"), "imageType": pick(d, "COS_CONTAINERD", "COS_CONTAINERD", "WINDOWS_LTSC_CONTAINERD"),
		"serviceAccount": pick(d, "nodes@shop.iam.gserviceaccount.com", "default", "other@shop.iam.gserviceaccount.com")}
	d.set(config, 1, "oauthScopes", pick(d, list(scope+"cloud-platform"), list(scope+"devstorage.read_only", scope+"logging.write"), list(scope+"logging.write"), []any{}))
	d.set(config, 2, "tags", pick(d, list("egress"), list("web"), list("web", "egress")))
	d.set(config, 5, "taints", list(fields{"key": "gpu", "value": "yes", "effect": pick(d, "NO_SCHEDULE", "NO_EXECUTE", "PREFER_NO_SCHEDULE")}))
	d.set(config, 6, "containerdConfig", d.mirror())
	network := fields{}
	d.set(network, 3, "enablePrivateNodes", d.once(2))
	d.set(network, 3, "podRange", pick(d, "more", "pods", "gone"))
	d.set(network, 6, "subnetwork", "projects/"+d.net+"/regions/"+near+"/subnetworks/b")
	p := fields{"name": name, "config": config, "networkConfig": network, "initialNodeCount": pick(d, 1, 3, 20)}
	d.set(p, 2, "autoscaling", pick(d, fields{"enabled": true, "maxNodeCount": 50}, fields{"enabled": true, "totalMaxNodeCount": 30}, fields{"enabled": true, "minNodeCount": 1, "maxNodeCount": 2}))
	d.set(p, 3, "locations", list(near+"-b"))
	d.set(p, 3, "upgradeSettings", fields{"maxSurge": pick(d, 0, 2), "maxUnavailable": 1})
	return p
}
