# Rules of your own over gkepreflight's report, for OPA 1.0 and later, and for conftest:
#
#   gkepreflight check --plan plan.json --fail-on never --format json --output report.json
#   conftest test report.json --policy recipes/rego
#   opa eval --data recipes/rego --input report.json data.main.deny
#
# The report's form is published: schema/report.schema.json; fields are only ever added. Run: `opa test recipes/rego` with OPA 1.22.2.
package main

import rego.v1

# Findings that count. What is suppressed has a reason in the report, and what follows from another finding is told once.
findings contains result if {
	some result in input.results
	result.status == "fail"
	not result.suppressed
	not result.caused_by
}

# A production cluster takes no failure, a warning neither.
deny contains message if {
	some result in findings
	production(result.cluster)
	message := sprintf("%s: %s (%s)", [result.check, result.message, result.docs])
}

# Elsewhere an error stops, a warning is told.
deny contains message if {
	some result in findings
	not production(result.cluster)
	result.severity == "error"
	message := sprintf("%s: %s (%s)", [result.check, result.message, result.docs])
}

warn contains message if {
	some result in findings
	not production(result.cluster)
	result.severity != "error"
	message := sprintf("%s: %s", [result.check, result.message])
}

# What nobody could see is no pass in production.
deny contains message if {
	some cluster in input.clusters
	cluster.verdict == "unknown"
	production(cluster.address)
	message := sprintf("cluster %s is not decided: give the state or the export that shows its network", [cluster.name])
}

# No image of a production cluster may rest on the cache of Docker Hub, whatever the command's own policy says.
deny contains message if {
	some image in input.images
	image.mirror_dependent
	production(image.cluster)
	message := sprintf("%s is pulled through mirror.gcr.io alone", [image.normalized])
}

# An exception needs an end.
deny contains message if {
	some result in input.results
	result.suppressed
	not result.suppressed.expires
	message := sprintf("%s of %s is accepted for ever: give the exception a date", [result.check, result.object.name])
}

# Projects are told apart by name; write here what tells yours.
production(address) if {
	some cluster in input.clusters
	cluster.address == address
	endswith(cluster.project, "-prod")
}
