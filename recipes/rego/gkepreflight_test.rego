package main

import rego.v1

report(project, results, images) := {
	"schema_version": 1,
	"clusters": [{"address": "google_container_cluster.main", "name": "main", "project": project, "verdict": "fail"}],
	"images": images,
	"results": results,
}

finding := {
	"check": "nat-node-range",
	"status": "fail",
	"severity": "error",
	"cluster": "google_container_cluster.main",
	"object": {"kind": "google_compute_subnetwork", "name": "gke"},
	"message": "subnetwork \"gke\" has no Public NAT",
	"docs": "https://registry.terraform.io/",
}

minor := object.union(finding, {"check": "nat-pod-range", "severity": "warning"})

test_error_is_denied if {
	some message in deny with input as report("shop-dev", [finding], [])
	startswith(message, "nat-node-range: ")
}

test_warning_is_told if {
	count(deny) == 0 with input as report("shop-dev", [minor], [])
	count(warn) == 1 with input as report("shop-dev", [minor], [])
}

test_warning_is_denied_in_production if {
	count(deny) == 1 with input as report("shop-prod", [minor], [])
}

test_pass_is_not_denied if {
	count(deny) == 0 with input as report("shop-prod", [object.union(finding, {"status": "pass"})], [])
}

test_consequence_is_told_once if {
	count(deny) == 1 with input as report("shop-prod", [finding, object.union(minor, {"caused_by": "nat-node-range"})], [])
}

test_undecided_is_denied_in_production if {
	undecided := {"address": "google_container_cluster.main", "name": "main", "project": "shop-prod", "verdict": "unknown"}
	count(deny) == 1 with input as object.union(report("shop-prod", [], []), {"clusters": [undecided]})
	count(deny) == 0 with input as object.union(report("shop-dev", [], []), {"clusters": [object.union(undecided, {"project": "shop-dev"})]})
}

test_mirror_is_denied_in_production if {
	image := {"ref": "nginx", "normalized": "docker.io/library/nginx:latest", "cluster": "google_container_cluster.main", "mirror_dependent": true}
	count(deny) == 1 with input as report("shop-prod", [], [image])
	count(deny) == 0 with input as report("shop-dev", [], [image])
	count(deny) == 0 with input as report("shop-prod", [], [object.union(image, {"mirror_dependent": false})])
}

test_exception_needs_an_end if {
	count(deny) == 1 with input as report("shop-dev", [object.union(finding, {"suppressed": {"reason": "known"}})], [])
	count(deny) == 0 with input as report("shop-dev", [object.union(finding, {"suppressed": {"reason": "known", "expires": "2027-03-31"}})], [])
}
