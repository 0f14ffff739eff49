package terraform

import (
	"strings"

	"github.com/zclconf/go-cty/cty"
)

func (p *planReader) readConfiguration(dec *decoder) error {
	return dec.eachField("configuration", func(name string) (err error) {
		switch name {
		case "root_module":
			p.doc.root, err = readModuleConfig(dec, 0)
		case "provider_config":
			err = dec.eachField(name, func(key string) error {
				pr := &provider{}
				p.doc.providers[key] = pr
				return dec.eachField(name, func(n string) (err error) {
					switch n {
					case "expressions":
						pr.attributes, err = dec.readExpressions(nil)
					case "module_address":
						pr.module, err = dec.readString(n)
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

func readModuleConfig(dec *decoder, depth int) (*moduleConfig, error) {
	m := &moduleConfig{blocks: map[string]*blockConfig{}, calls: map[string]*callConfig{}, outputs: map[string]expression{}, variables: map[string]cty.Value{}, secrets: map[string]bool{}}
	return m, dec.eachField("module", func(name string) error {
		switch {
		case name == "resources":
			return dec.eachElement(name, func() error { return m.readBlock(dec) })
		case name == "outputs":
			return dec.eachField(name, func(output string) error {
				return dec.eachField("output", func(n string) error {
					if n != "expression" {
						return dec.SkipValue()
					}
					e, err := dec.readExpression(0)
					m.outputs[output] = e
					return err
				})
			})
		case name == "variables":
			return dec.eachField(name, func(variable string) error {
				v, err := dec.readTree(func(n string) bool { return n == "default" || n == "sensitive" })
				f, _ := v.(fields)
				if d, told := f.get("default"); told {
					m.variables[variable] = toValue(d, nil, nil)
				}
				if s, _ := f.get("sensitive"); s == true {
					m.secrets[variable] = true
				}
				return err
			})
		case name == "module_calls" && depth < maxDepth:
			return dec.eachField(name, func(call string) error {
				c := &callConfig{}
				m.calls[call] = c
				return c.read(dec, depth)
			})
		}
		return dec.SkipValue()
	})
}

func (m *moduleConfig) readBlock(dec *decoder) error {
	b := &blockConfig{}
	var mode, typ, name string
	err := dec.eachField("resource", func(field string) (err error) {
		switch field {
		case "mode":
			mode, err = dec.readString(field)
		case "type":
			typ, err = dec.readString(field)
		case "name":
			name, err = dec.readString(field)
		case "provider_config_key":
			b.providerKey, err = dec.readString(field)
		case "expressions":
			if typ != "" && !interesting(typ) {
				return dec.SkipValue()
			}
			b.attributes, err = dec.readExpressions(func(n string) bool { return typ == "" || wants(typ, n) })
		case "for_each_expression", "count_expression":
			var e expression
			e, err = dec.readExpression(0)
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

func (c *callConfig) read(dec *decoder, depth int) error {
	return dec.eachField("module call", func(name string) (err error) {
		switch name {
		case "expressions":
			c.attributes, err = dec.readExpressions(nil)
		case "for_each_expression", "count_expression":
			var e expression
			e, err = dec.readExpression(0)
			c.forEach = e.references
		case "module":
			c.module, err = readModuleConfig(dec, depth+1)
		default:
			err = dec.SkipValue()
		}
		return err
	})
}

func (d *decoder) readExpressions(keep func(string) bool) (map[string]expression, error) {
	out := map[string]expression{}
	return out, d.eachField("expressions", func(name string) error {
		if keep != nil && !keep(name) {
			return d.SkipValue()
		}
		e, err := d.readExpression(0)
		out[name] = e
		return err
	})
}

// readExpression reads an expression: an object with constant_value or references, else a block or a list of blocks.
func (d *decoder) readExpression(depth int) (expression, error) {
	e := expression{constant: cty.NilVal}
	switch k := d.PeekKind(); {
	case depth > maxDepth || k != '{' && k != '[':
		return e, d.SkipValue()
	case k == '[':
		err := d.eachElement("blocks", func() error {
			block, err := d.readExpression(depth + 1)
			if len(block.blocks) == 0 {
				block.blocks = []map[string]expression{{}}
			}
			e.blocks = append(e.blocks, block.blocks...)
			return err
		})
		return e, err
	}
	var block map[string]expression
	var constant any
	isConstant, isList := false, false
	err := d.eachField("expression", func(name string) (err error) {
		switch {
		case private[name]:
			return d.SkipValue()
		case name == "constant_value":
			isConstant = true
			constant, err = d.readTree(nil)
			return err
		case name == "references" && d.PeekKind() == '[':
			isList = true
			e.references, err = d.readReferences()
			return err
		}
		if block == nil {
			block = map[string]expression{}
		}
		block[name], err = d.readExpression(depth + 1)
		return err
	})
	switch {
	case isConstant:
		e.constant, e.references = toValue(constant, nil, nil), nil
	case !isList && len(block) > 0:
		e.blocks = []map[string]expression{block}
	}
	return e, err
}

// readReferences reads references without the prefixes that Terraform lists after each: a.b.id, a.b, a are one reference.
func (d *decoder) readReferences() ([]string, error) {
	var out []string
	err := d.eachElement("references", func() error {
		if d.PeekKind() != '"' {
			return d.SkipValue()
		}
		r, err := d.readString("reference")
		if n := len(out); err == nil && (n == 0 || !within(out[n-1], r)) {
			out = append(out, r)
		}
		return err
	})
	return out, err
}

// within reports whether a reference is another one cut short: at a dot or a bracket, for var.subnet is none of var.subnetworks.
func within(long, short string) bool {
	rest, found := strings.CutPrefix(long, short)
	return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
