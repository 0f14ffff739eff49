package terraform

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"
)

// The decoder reads token by token, keeps what is of interest and skips the rest unread, so that reading a plan costs less than
// decoding all of it.

// eachField calls field for every name of the object at hand, which must consume the value. A null is an empty object.
func eachField(dec *jsontext.Decoder, what string, field func(name string) error) error {
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() == 'n' {
		return nil
	}
	if tok.Kind() != '{' {
		return shapeError(dec, what, "an object", tok.Kind())
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if err := field(name.String()); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}

// eachElement calls element for every element of the array at hand, which must consume it. A null is an empty array.
func eachElement(dec *jsontext.Decoder, what string, element func() error) error {
	tok, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() == 'n' {
		return nil
	}
	if tok.Kind() != '[' {
		return shapeError(dec, what, "an array", tok.Kind())
	}
	for dec.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}

func shapeError(dec *jsontext.Decoder, what, want string, got jsontext.Kind) error {
	return fmt.Errorf("%s at %s is %s, expected %s", what, pointer(dec), kindName(got), want)
}

func pointer(dec *jsontext.Decoder) string {
	if p := dec.StackPointer(); p != "" {
		return string(p)
	}
	return "the top"
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	}
	return "null"
}

func readString(dec *jsontext.Decoder, what string) (string, error) {
	tok, err := dec.ReadToken()
	if err != nil {
		return "", err
	}
	switch tok.Kind() {
	case '"':
		return tok.String(), nil
	case 'n':
		return "", nil
	}
	return "", shapeError(dec, what, "a string", tok.Kind())
}

func readBool(dec *jsontext.Decoder, what string) (bool, error) {
	tok, err := dec.ReadToken()
	if err != nil {
		return false, err
	}
	switch tok.Kind() {
	case 't', 'f':
		return tok.Bool(), nil
	case 'n':
		return false, nil
	}
	return false, shapeError(dec, what, "a boolean", tok.Kind())
}

// readTree reads any value into nil, bool, json number text, string, []any and map[string]any. At the top, keep chooses
// the fields; below, everything is kept but what is private.
func readTree(dec *jsontext.Decoder, keep func(string) bool) (any, error) {
	switch dec.PeekKind() {
	case '{':
		m := map[string]any{}
		return m, eachField(dec, "value", func(name string) error {
			if keep != nil && !keep(name) || private[name] {
				return dec.SkipValue()
			}
			v, err := readTree(dec, nil)
			m[name] = v
			return err
		})
	case '[':
		list := []any{}
		err := eachElement(dec, "value", func() error {
			v, err := readTree(dec, nil)
			list = append(list, v)
			return err
		})
		return list, err
	}
	tok, err := dec.ReadToken()
	if err != nil {
		return nil, err
	}
	switch tok.Kind() {
	case '"':
		return tok.String(), nil
	case '0':
		return number(tok.String()), nil
	case 't', 'f':
		return tok.Bool(), nil
	}
	return nil, nil
}

type number string

// toValue joins what Terraform prints of a value in three trees: the known part, what is unknown, and what is sensitive.
func toValue(known, unknown, sensitive any) cty.Value {
	if sensitive == true {
		return toValue(known, unknown, nil).Mark(sensitiveMark{})
	}
	if unknown == true {
		return cty.DynamicVal
	}
	switch k := known.(type) {
	case string:
		return cty.StringVal(k)
	case bool:
		return cty.BoolVal(k)
	case number:
		if i, err := strconv.ParseInt(string(k), 10, 64); err == nil {
			return cty.NumberIntVal(i)
		}
		if v, err := cty.ParseNumberVal(string(k)); err == nil {
			return v
		}
		return cty.DynamicVal
	case []any:
		return toTuple(k, list(unknown), list(sensitive))
	case map[string]any:
		return toObject(k, object(unknown), object(sensitive))
	}
	if u := object(unknown); len(u) > 0 {
		return toObject(nil, u, object(sensitive))
	}
	if u := list(unknown); len(u) > 0 {
		return toTuple(nil, u, list(sensitive))
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func list(v any) []any { l, _ := v.([]any); return l }

func object(v any) map[string]any { m, _ := v.(map[string]any); return m }

func at(l []any, i int) any {
	if i < len(l) {
		return l[i]
	}
	return nil
}

func toTuple(known, unknown, sensitive []any) cty.Value {
	vals := make([]cty.Value, max(len(known), len(unknown)))
	for i := range vals {
		vals[i] = toValue(at(known, i), at(unknown, i), at(sensitive, i))
	}
	return cty.TupleVal(vals)
}

func toObject(known, unknown, sensitive map[string]any) cty.Value {
	vals := make(map[string]cty.Value, len(known)+len(unknown))
	for name, v := range known {
		vals[name] = toValue(v, unknown[name], sensitive[name])
	}
	for name, u := range unknown {
		if _, told := known[name]; told {
			continue
		}
		if v := toValue(nil, u, sensitive[name]); !v.IsNull() {
			vals[name] = v
		}
	}
	return cty.ObjectVal(vals)
}
