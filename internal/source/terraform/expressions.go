package terraform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"
)

func (p *planReader) readConfiguration(dec *jsontext.Decoder) error {
	return eachField(dec, "configuration", func(name string) (err error) {
		switch name {
		case "root_module":
			p.doc.root, err = readModuleConfig(dec, 0)
		case "provider_config":
			err = eachField(dec, name, func(key string) error {
				pr := &provider{}
				p.doc.providers[key] = pr
				return eachField(dec, name, func(n string) (err error) {
					switch n {
					case "expressions":
						pr.attributes, err = readExpressions(dec, nil)
					case "module_address":
						pr.module, err = readString(dec, n)
					default:
						err = dec.SkipValue()
					}
					return err
				})
			})
		default:
			err = dec.SkipValue()
		}
		return err
	})
}

func readModuleConfig(dec *jsontext.Decoder, depth int) (*moduleConfig, error) {
	m := &moduleConfig{blocks: map[string]*blockConfig{}, calls: map[string]*callConfig{}, outputs: map[string]expression{}, variables: map[string]cty.Value{}}
	return m, eachField(dec, "module", func(name string) error {
		switch {
		case name == "resources":
			return eachElement(dec, name, func() error { return m.readBlock(dec) })
		case name == "outputs":
			return eachField(dec, name, func(output string) error {
				return eachField(dec, "output", func(n string) error {
					if n != "expression" {
						return dec.SkipValue()
					}
					e, err := readExpression(dec)
					m.outputs[output] = e
					return err
				})
			})
		case name == "variables":
			return eachField(dec, name, func(variable string) error {
				v, err := readTree(dec, func(n string) bool { return n == "default" })
				if d, told := object(v)["default"]; told {
					m.variables[variable] = toValue(d, nil, nil)
				}
				return err
			})
		case name == "module_calls" && depth < maxDepth:
			return eachField(dec, name, func(call string) error {
				c := &callConfig{}
				m.calls[call] = c
				return c.read(dec, depth)
			})
		}
		return dec.SkipValue()
	})
}

func (m *moduleConfig) readBlock(dec *jsontext.Decoder) error {
	b := &blockConfig{}
	var mode, typ, name string
	err := eachField(dec, "resource", func(field string) (err error) {
		switch field {
		case "mode":
			mode, err = readString(dec, field)
		case "type":
			typ, err = readString(dec, field)
		case "name":
			name, err = readString(dec, field)
		case "provider_config_key":
			b.providerKey, err = readString(dec, field)
		case "expressions":
			if typ != "" && !interesting(typ) {
				return dec.SkipValue()
			}
			b.attributes, err = readExpressions(dec, func(n string) bool { return typ == "" || wants(typ, n) })
		case "for_each_expression", "count_expression":
			var e expression
			e, err = readExpression(dec)
			b.forEach = e.references
		default:
			err = dec.SkipValue()
		}
		return err
	})
	if mode == "data" {
		typ = "data." + typ
	}
	m.blocks[typ+"."+name] = b
	return err
}

func (c *callConfig) read(dec *jsontext.Decoder, depth int) error {
	return eachField(dec, "module call", func(name string) (err error) {
		switch name {
		case "expressions":
			c.attributes, err = readExpressions(dec, nil)
		case "for_each_expression", "count_expression":
			var e expression
			e, err = readExpression(dec)
			c.forEach = e.references
		case "module":
			c.module, err = readModuleConfig(dec, depth+1)
		default:
			err = dec.SkipValue()
		}
		return err
	})
}

func readExpressions(dec *jsontext.Decoder, keep func(string) bool) (map[string]expression, error) {
	out := map[string]expression{}
	return out, eachField(dec, "expressions", func(name string) error {
		if keep != nil && !keep(name) {
			return dec.SkipValue()
		}
		e, err := readExpression(dec)
		out[name] = e
		return err
	})
}

func readExpression(dec *jsontext.Decoder) (expression, error) {
	tree, err := readTree(dec, nil)
	return toExpression(tree, 0), err
}

func toExpression(tree any, depth int) expression {
	e := expression{constant: cty.NilVal}
	if depth > maxDepth {
		return e
	}
	switch t := tree.(type) {
	case []any:
		for _, b := range t {
			e.blocks = append(e.blocks, toBlock(object(b), depth))
		}
	case map[string]any:
		constant, told := t["constant_value"]
		refs, isList := t["references"].([]any)
		switch {
		case told:
			e.constant = toValue(constant, nil, nil)
		case isList:
			for _, r := range refs {
				if s, ok := r.(string); ok {
					e.references = append(e.references, s)
				}
			}
			e.references = longest(e.references)
		case len(t) > 0:
			e.blocks = []map[string]expression{toBlock(t, depth)}
		}
	}
	return e
}

func toBlock(m map[string]any, depth int) map[string]expression {
	out := make(map[string]expression, len(m))
	for name, v := range m {
		out[name] = toExpression(v, depth+1)
	}
	return out
}

// longest drops the prefixes that Terraform lists after each reference: a.b.id, a.b, a are one reference.
func longest(refs []string) []string {
	var out []string
	for _, r := range refs {
		if n := len(out); n > 0 && strings.HasPrefix(out[n-1], r) {
			continue
		}
		out = append(out, r)
	}
	return out
}
