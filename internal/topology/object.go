package topology

import "strings"

// ID is an object's identity: "kind/project/location/name" where the name is known, else its source and address.
// Objects and the references to them carry the same ID, so joining is comparing.
type ID string

// Identify builds the ID of a named object. Location is a region, a zone, "global" or empty.
func Identify(kind, project, location, name string) ID {
	return ID(strings.Join([]string{kind, project, location, name}, "/"))
}

// Object is what every fact about a Google Cloud or Kubernetes thing carries.
type Object struct {
	ID       ID
	Kind     string // the google provider's resource type: google_compute_subnetwork
	Address  string // Terraform address, or full resource name
	Name     string
	Project  string
	Location string
	Source   string // the name of the source that told: plan.json
	File     string
	Line     int
	// Managed is true for a resource that a plan or state given manages; a data source or a literal is only mentioned.
	Managed bool
	// Read is true for an object that Google Cloud itself tells of, whole: live or in an export.
	Read bool
	// Created is true when the plan at hand creates the object.
	Created bool
}

// From is the origin of one of the object's attributes.
func (o *Object) From(attribute string) Origin {
	return Origin{Object: o.Address, Attribute: attribute, File: o.File, Line: o.Line}
}

// Region is the object's region: its location without a zone's suffix.
func (o *Object) Region() string { return RegionOf(o.Location) }

// RegionOf gives the region of a location that may be a zone: europe-west1-b is in europe-west1.
func RegionOf(location string) string {
	if i := strings.LastIndexByte(location, '-'); i > 0 && len(location)-i == 2 {
		return location[:i]
	}
	return location
}

// Display is the name people know the object by.
func (o *Object) Display() string {
	if o.Name != "" {
		return o.Name
	}
	return o.Address
}

// SplitID gives the project and name of an ID made by Identify; both are empty for any other ID.
func SplitID(id ID) (project, name string) {
	parts := strings.SplitN(string(id), "/", 4)
	if len(parts) != 4 || strings.Contains(parts[0], ":") {
		return "", ""
	}
	return parts[1], parts[3]
}
