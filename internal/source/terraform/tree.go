package terraform

import (
	"strconv"

	"github.com/zclconf/go-cty/cty"
)

// A tree is a JSON value: nil, bool, number, string, []any, or fields.

type number string

// field is one field of an object. Objects are short and mostly read once, front to back: a list costs less than a map.
type field struct {
	name  string
	value any
}

type fields []field

// get finds a field; of several with one name the last counts, as in encoding/json.
func (f fields) get(name string) (any, bool) {
	for i := len(f) - 1; i >= 0; i-- {
		if f[i].name == name {
			return f[i].value, true
		}
	}
	return nil, false
}

// readTree reads any value. Keep chooses the fields of an object, and of the objects in a list; below, everything is kept but what is private and
// what the large blocks hold beyond use.
func (d *decoder) readTree(keep func(string) bool) (any, error) {
	switch d.PeekKind() {
	case '{':
		var object fields
		err := d.eachField("value", func(name string) error {
			if keep != nil && !keep(name) || private[name] {
				return d.SkipValue()
			}
			v, err := d.readTree(inside[name])
			object = append(object, field{name, v})
			return err
		})
		return object, err
	case '[':
		list := []any{}
		err := d.eachElement("value", func() error {
			v, err := d.readTree(keep)
			list = append(list, v)
			return err
		})
		return list, err
	case '"':
		v, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		return d.text(v), nil
	}
	tok, err := d.ReadToken()
	if err != nil {
		return nil, err
	}
	switch tok.Kind() {
	case '0':
		return number(tok.String()), nil
	case 't', 'f':
		return tok.Bool(), nil
	}
	return nil, nil
}

// mask is the shape of what is unknown or sensitive in a value: a nil mask is nothing of it. Terraform prints it for every block,
// and nearly always it is empty.
type mask struct {
	all      bool
	fields   map[string]*mask
	elements []*mask
}

func (m *mask) field(name string) *mask {
	if m == nil {
		return nil
	}
	return m.fields[name]
}

func (m *mask) element(i int) *mask {
	if m == nil || i >= len(m.elements) {
		return nil
	}
	return m.elements[i]
}

func (d *decoder) readMask(keep func(string) bool) (*mask, error) {
	switch d.PeekKind() {
	case '{':
		var m *mask
		err := d.eachField("value", func(name string) error {
			if keep != nil && !keep(name) || private[name] {
				return d.SkipValue()
			}
			inner, err := d.readMask(inside[name])
			if inner != nil {
				if m == nil {
					m = &mask{fields: map[string]*mask{}}
				}
				m.fields[name] = inner
			}
			return err
		})
		return m, err
	case '[':
		var list []*mask
		i, some := 0, false
		err := d.eachElement("value", func() error {
			inner, err := d.readMask(keep)
			if inner != nil {
				// Only now is it worth a list: what came before is nothing.
				list, some = append(append(list, make([]*mask, i-len(list))...), inner), true
			}
			i++
			return err
		})
		if !some {
			return nil, err
		}
		return &mask{elements: list}, err
	}
	tok, err := d.ReadToken()
	if err != nil || tok.Kind() != 't' {
		return nil, err
	}
	return everything, nil
}

var everything = &mask{all: true}

// toValue joins what Terraform prints of a value in three trees: the known part, what is unknown, and what is sensitive.
func toValue(known any, unknown, sensitive *mask) cty.Value {
	if sensitive != nil && sensitive.all {
		return toValue(known, unknown, nil).Mark(sensitiveMark{})
	}
	if unknown != nil && unknown.all {
		return cty.DynamicVal
	}
	switch k := known.(type) {
	case string:
		return cty.StringVal(k)
	case bool:
		return cty.BoolVal(k)
	case number:
		return toNumber(k)
	case []any:
		return toTuple(k, unknown, sensitive)
	case fields:
		return toObject(k, unknown, sensitive)
	}
	switch {
	case unknown != nil && unknown.fields != nil:
		return toObject(nil, unknown, sensitive)
	case unknown != nil && unknown.elements != nil:
		return toTuple(nil, unknown, sensitive)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func toNumber(n number) cty.Value {
	if i, err := strconv.ParseInt(string(n), 10, 64); err == nil {
		return cty.NumberIntVal(i)
	}
	if v, err := cty.ParseNumberVal(string(n)); err == nil {
		return v
	}
	return cty.DynamicVal
}

func toTuple(known []any, unknown, sensitive *mask) cty.Value {
	n := len(known)
	if unknown != nil {
		n = max(n, len(unknown.elements))
	}
	vals := make([]cty.Value, n)
	for i := range vals {
		var k any
		if i < len(known) {
			k = known[i]
		}
		vals[i] = toValue(k, unknown.element(i), sensitive.element(i))
	}
	return cty.TupleVal(vals)
}

func toObject(known fields, unknown, sensitive *mask) cty.Value {
	vals := make(map[string]cty.Value, len(known))
	for _, f := range known {
		vals[f.name] = toValue(f.value, unknown.field(f.name), sensitive.field(f.name))
	}
	if unknown != nil {
		for name, u := range unknown.fields {
			if _, told := vals[name]; !told {
				vals[name] = toValue(nil, u, sensitive.field(name))
			}
		}
	}
	return cty.ObjectVal(vals)
}
