package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// text reads a string. A day without quotes is one: it is to be read as it was written.
func (r reader) text(what string, to *string) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		v := follow(n)
		if v.Kind != yaml.ScalarNode || slices.Contains([]string{"!!null", "!!bool", "!!int", "!!float"}, v.Tag) {
			return r.at(n, fmt.Errorf("%s is %s: expected text", what, kind(v)))
		}
		*to = v.Value
		return nil
	}
}

// word reads one of a few words.
func (r reader) word(what string, words []string, to *string) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		v := follow(n)
		if v.Kind != yaml.ScalarNode || isNull(v) {
			return r.at(n, fmt.Errorf("%s is %s: expected one of %s", what, kind(v), strings.Join(words, ", ")))
		}
		if !slices.Contains(words, v.Value) {
			return r.at(n, unknown(what, v.Value, words))
		}
		*to = v.Value
		return nil
	}
}

func (r reader) boolean(what string, to **bool) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		v := follow(n)
		b, err := strconv.ParseBool(v.Value)
		if v.Kind != yaml.ScalarNode || v.Tag != "!!bool" || err != nil {
			return r.at(n, fmt.Errorf("%s is %s: expected true or false", what, kind(v)))
		}
		*to = &b
		return nil
	}
}

// number reads a whole number above zero.
func (r reader) number(what string, to *int) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		v := follow(n)
		i, err := strconv.Atoi(v.Value)
		if v.Kind != yaml.ScalarNode || v.Tag != "!!int" || err != nil || i < 1 {
			return r.at(n, fmt.Errorf("%s is %s: expected a whole number above zero", what, kind(v)))
		}
		*to = i
		return nil
	}
}

// list reads the items of a list. Nothing at all is an empty one.
func (r reader) list(what string, read func(*yaml.Node) error) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		v := follow(n)
		if isNull(v) {
			return nil
		}
		if v.Kind != yaml.SequenceNode {
			return r.at(n, fmt.Errorf("%s is %s: expected a list", what, kind(v)))
		}
		for _, item := range v.Content {
			if err := read(item); err != nil {
				return err
			}
		}
		return nil
	}
}

// checks reads a list of names of checks.
func (r reader) checks(what string, to *[]string) func(*yaml.Node) error {
	return r.list(what, func(n *yaml.Node) error {
		var name string
		if err := r.word("check", checks.Names(), &name)(n); err != nil {
			return err
		}
		*to = append(*to, name)
		return nil
	})
}

// levels reads a severity for each of some checks.
func (r reader) levels(what string, to *map[string]checks.Severity) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		out := map[string]checks.Severity{}
		*to = out
		return r.each(n, what, func(key, value *yaml.Node) error {
			var name, level string
			if err := r.word("check", checks.Names(), &name)(key); err != nil {
				return err
			}
			if err := r.word("severity", Levels, &level)(value); err != nil {
				return err
			}
			out[name] = checks.Severity(level)
			return nil
		})
	}
}
