package terraform

import (
	"math/big"
	"net/netip"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/zclconf/go-cty/cty"
)

// attribute finds one attribute; null when the object does not hold it.
func attribute(v cty.Value, name string) cty.Value {
	v, marks := v.Unmark()
	if v == cty.NilVal || !v.IsKnown() {
		return cty.DynamicVal.WithMarks(marks)
	}
	if v.IsNull() {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	if !v.Type().IsObjectType() {
		// A value of another type than the provider's schema has: what it should have held is not known, and never taken for left out.
		return cty.DynamicVal.WithMarks(marks)
	}
	if !v.Type().HasAttribute(name) {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return v.GetAttr(name).WithMarks(marks)
}

// dig follows names through objects and single-element block lists, as the google provider nests them.
func dig(v cty.Value, names ...string) cty.Value {
	for _, n := range names {
		v = attribute(single(v), n)
	}
	return v
}

// single unwraps a block list of at most one element.
func single(v cty.Value) cty.Value {
	u, marks := v.Unmark()
	if u.IsKnown() && !u.IsNull() && (u.Type().IsTupleType() || u.Type().IsListType() || u.Type().IsSetType()) {
		if u.LengthInt() == 0 {
			return cty.NullVal(cty.DynamicPseudoType)
		}
		it := u.ElementIterator()
		it.Next()
		_, e := it.Element()
		return e.WithMarks(marks)
	}
	return v
}

// elements lists a block list's or list's elements; told is false when the list itself is unknown.
func elements(v cty.Value) (list []cty.Value, told bool) {
	u, marks := v.Unmark()
	if !u.IsKnown() {
		return nil, false
	}
	if u.IsNull() || !u.CanIterateElements() {
		return nil, true
	}
	for it := u.ElementIterator(); it.Next(); {
		_, e := it.Element()
		list = append(list, e.WithMarks(marks))
	}
	return list, true
}

// asString gives the text of a known, non-null string, number or boolean.
func asString(v cty.Value) (string, bool) {
	v, _ = v.Unmark()
	if !v.IsKnown() || v.IsNull() {
		return "", false
	}
	switch v.Type() {
	case cty.String:
		return v.AsString(), true
	case cty.Number:
		return v.AsBigFloat().Text('f', -1), true
	case cty.Bool:
		if v.True() {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// isSensitive reports whether Terraform marks a value sensitive. Such a value may decide a join inside the reader; no fact holds it.
func isSensitive(v cty.Value) bool { return v.HasMark(sensitiveMark{}) }

// whySensitive is why a fact is unknown when only a sensitive value tells it.
const whySensitive = "it is sensitive, which no report may show"

// shown is a string for people to read.
func shown(v cty.Value) string {
	if isSensitive(v) {
		return "(sensitive)"
	}
	s, _ := asString(v)
	return s
}

func isNull(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.IsKnown() && v.IsNull()
}

// isUnset reports a null or an empty string, as which the provider's state writes an attribute left out.
func isUnset(v cty.Value) bool {
	s, known := asString(v)
	return isNull(v) || known && s == ""
}

func isKnown(v cty.Value) bool {
	v, _ = v.Unmark()
	return v.IsKnown()
}

// stringOf turns an attribute into a fact. A null takes the default, where there is one.
func stringOf(v cty.Value, from topology.Origin, fallback ...string) topology.Value[string] {
	if isNull(v) {
		if len(fallback) > 0 {
			return topology.Default(fallback[0], from)
		}
		return topology.Unknown[string]("not set", from)
	}
	if s, ok := asString(v); ok && !isSensitive(v) {
		return topology.Known(s, from)
	}
	return topology.Unknown[string](whyNot(v, "a string"), from)
}

// boolOf turns an attribute into a fact. A null is false: the provider prints an explicit false so, and it is the default of all that is read.
func boolOf(v cty.Value, from topology.Origin) topology.Value[bool] {
	if isNull(v) {
		return topology.Default(false, from)
	}
	switch s, ok := asString(v); {
	case ok && s == "true":
		return topology.Known(true, from)
	case ok && s == "false":
		return topology.Known(false, from)
	}
	return topology.Unknown[bool](whyNot(v, "a boolean"), from)
}

func intOf(v cty.Value, from topology.Origin, fallback int) topology.Value[int] {
	if isNull(v) {
		return topology.Default(fallback, from)
	}
	if s, ok := asString(v); ok && !isSensitive(v) {
		if f, ok := new(big.Float).SetString(s); ok && f.IsInt() {
			if i, acc := f.Int64(); acc == big.Exact {
				return topology.Known(int(i), from)
			}
		}
	}
	return topology.Unknown[int](whyNot(v, "a number"), from)
}

func prefixOf(v cty.Value, from topology.Origin) topology.Value[netip.Prefix] {
	s := stringOf(v, from)
	text, known := s.Get()
	if !known {
		return topology.Unknown[netip.Prefix](s.Why(), from)
	}
	if p, ok := parsePrefix(text); ok {
		return topology.Known(p, from)
	}
	return topology.Unknown[netip.Prefix]("is no CIDR range", from)
}

// parsePrefix reads a CIDR range; an address alone is the range of that address.
func parsePrefix(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p.Masked(), true
	}
	if a, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	return netip.Prefix{}, false
}

// stringsOf turns a list or set into a fact; a null takes the default. One unknown element makes it unknown.
func stringsOf(v cty.Value, from topology.Origin, fallback ...string) topology.Value[[]string] {
	if isNull(v) {
		return topology.Default(append([]string{}, fallback...), from)
	}
	list, told := elements(v)
	if !told {
		return topology.Unknown[[]string](whyNot(v, "a list"), from)
	}
	out := []string{}
	for _, e := range list {
		s, ok := asString(e)
		if !ok || isSensitive(e) {
			return topology.Unknown[[]string](whyNot(e, "a string"), from)
		}
		out = append(out, s)
	}
	return topology.Known(out, from)
}

func prefixesOf(v cty.Value, from topology.Origin) topology.Value[[]netip.Prefix] {
	texts := stringsOf(v, from)
	list, known := texts.Get()
	if !known {
		return topology.Unknown[[]netip.Prefix](texts.Why(), from)
	}
	out := []netip.Prefix{}
	for _, text := range list {
		p, ok := parsePrefix(text)
		if !ok {
			return topology.Unknown[[]netip.Prefix]("an element is no CIDR range", from)
		}
		out = append(out, p)
	}
	if texts.Assumed {
		return topology.Default(out, from)
	}
	return topology.Known(out, from)
}

// whyNot words an unknown: what Terraform knows after apply, or a value of another type than the provider's schema has.
func whyNot(v cty.Value, want string) string {
	switch {
	case !isKnown(v):
		return topology.KnownAfterApply
	case isSensitive(v):
		return whySensitive
	}
	return "is not " + want
}

func addressOf(v cty.Value, from topology.Origin) topology.Value[netip.Addr] {
	s := stringOf(v, from)
	text, known := s.Get()
	if !known {
		return topology.Unknown[netip.Addr](s.Why(), from)
	}
	a, err := netip.ParseAddr(text)
	if err != nil {
		return topology.Unknown[netip.Addr]("is no IP address", from)
	}
	return topology.Known(a, from)
}
