package terraform

import "strings"

// link is a resource as its self link, path or bare name gives it. Empty parts are not told.
type link struct{ project, location, name string }

// parseLink reads the three spellings of a reference to a Google resource: a URL of any host and version, a path
// projects/P/regions/R/subnetworks/N or any tail of it, and a bare name.
func parseLink(text string) link {
	var l link
	if i := strings.Index(text, "//"); i >= 0 {
		text = text[i+2:]
		if _, rest, ok := strings.Cut(text, "/projects/"); ok {
			text = "projects/" + rest
		}
	}
	parts := strings.Split(strings.Trim(text, "/"), "/")
	l.name = parts[len(parts)-1]
	for i := 0; i+1 < len(parts); i++ {
		switch parts[i] {
		case "projects":
			l.project = parts[i+1]
		case "regions", "zones", "locations":
			l.location = parts[i+1]
		case "global":
			l.location = "global"
		}
	}
	// The provider's own IDs of record sets and short forms: project/region/name.
	if len(parts) == 3 && l.project == "" && l.location == "" {
		l.project, l.location = parts[0], parts[1]
	}
	return l
}
