package fake

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// term is one comparison of a filter: a field of the object's top level, and a text or a pattern of the whole of it.
var term = regexp.MustCompile(`^\(?\s*(\w+)\s*(=|!=|eq|ne|:)\s*"?([^"]*?)"?\s*\)?$`)

// selected are the items that the query's filter leaves, paged. Filters are those of the Compute API as far as they are asked for: comparisons
// of fields of the top level, all of which must hold. Any other is refused rather than ignored.
func selected[T proto.Message](q *query, items []T) ([]T, string, error) {
	filter := q.URL.Query().Get("filter")
	if filter == "" {
		return paged(q, items)
	}
	kept := items
	for _, text := range strings.Split(filter, " AND ") {
		m := term.FindStringSubmatch(strings.TrimSpace(text))
		if m == nil {
			return nil, "", invalid(fmt.Sprintf("Invalid value for field 'filter': '%s'. Invalid list filter expression.", filter))
		}
		var some []T
		for _, item := range kept {
			holds, err := compare(item.ProtoReflect(), m[1], m[2], m[3])
			if err != nil {
				return nil, "", err
			}
			if holds {
				some = append(some, item)
			}
		}
		kept = some
	}
	return paged(q, kept)
}

// compare holds a field against a value: = and != exactly, eq and ne as a pattern of the whole, : as a part.
func compare(item protoreflect.Message, name, operator, want string) (bool, error) {
	field := item.Descriptor().Fields().ByJSONName(name)
	if field == nil || field.IsList() || field.IsMap() {
		return false, invalid("Invalid value for field 'filter': there is no field '" + name + "' to compare.")
	}
	is := item.Get(field).String()
	switch operator {
	case "=":
		return is == want, nil
	case "!=":
		return is != want, nil
	case ":":
		return strings.Contains(is, want), nil
	}
	pattern, err := regexp.Compile("^(?:" + want + ")$")
	if err != nil {
		return false, invalid("Invalid value for field 'filter': '" + want + "' is no pattern.")
	}
	return pattern.MatchString(is) == (operator == "eq"), nil
}
