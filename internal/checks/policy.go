package checks

// Policy is what the user asks for.
type Policy struct {
	// Internet says what the nodes must reach: auto, required, images.
	Internet string
	// Mirror says what is made of images that only mirror.gcr.io can serve: deny, warn, allow.
	Mirror string
	// Only and Skip choose checks by name; Severities override severities by name.
	Only, Skip []string
	Severities map[string]Severity
	// Project, Location and Cluster choose clusters by glob; empty chooses all.
	Project, Location, Cluster string
	// DocsBase is put before a check's name to make its docs address.
	DocsBase string
}
