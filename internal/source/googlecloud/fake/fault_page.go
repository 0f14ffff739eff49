package fake

import (
	"encoding/json"
	"strings"
)

// Loop is a list whose every page names the same page as the next.
func Loop() Fault {
	return edited("loop", func(_ *query, fields map[string]json.RawMessage) {
		fields["nextPageToken"] = json.RawMessage(`"` + again + `"`)
	})
}

// EmptyPage is a list whose first page is empty and names a next: Google's lists may do so, and it is no end.
func EmptyPage() Fault {
	return edited("empty page", func(q *query, fields map[string]json.RawMessage) {
		if q.URL.Query().Get("pageToken") == "" {
			empty(fields)
			fields["nextPageToken"] = json.RawMessage(`"` + again + `"`)
		}
	})
}

// Partial is a list of which some places could not be reached: what is there is left out, and the answer says so where its API has a field for it.
func Partial() Fault {
	return edited("partial", func(q *query, fields map[string]json.RawMessage) {
		empty(fields)
		switch {
		case q.op.api == "container" && strings.HasSuffix(q.URL.Path, "/clusters"):
			fields["missingZones"] = json.RawMessage(`["` + unreached + `-a"]`)
		case strings.Contains(q.URL.Path, "/aggregated/"):
			fields["unreachables"] = json.RawMessage(`["regions/` + unreached + `"]`)
		case q.op.api == "network_connectivity":
			fields["unreachable"] = json.RawMessage(`["global"]`)
		}
	})
}

// unreached is the region that a partial answer lacks.
const unreached = "us-central1"

// HasPartial reports whether the API of a call can say that its answer is not the whole.
func (c Call) HasPartial() bool {
	return c.API == "container" && strings.HasSuffix(c.Path, "/clusters") || strings.Contains(c.Path, "/aggregated/") || c.API == "network_connectivity"
}

// empty takes the items out of a list's answer: everything but what names the list.
func empty(fields map[string]json.RawMessage) {
	for name := range fields {
		switch name {
		case "kind", "id", "selfLink", "header":
		default:
			delete(fields, name)
		}
	}
}
