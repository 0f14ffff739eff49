package terraform

import (
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

func treeOf(t *testing.T, text string) any {
	t.Helper()
	v, err := newDecoder(strings.NewReader(text)).readTree(nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func maskOf(t *testing.T, text string) *mask {
	t.Helper()
	m, err := newDecoder(strings.NewReader(text)).readMask(nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The three trees of a value, as Terraform prints them, become one value that knows what is unknown and what is sensitive.
func TestToValue(t *testing.T) {
	unknown, secret := cty.DynamicVal, func(v cty.Value) cty.Value { return v.Mark(sensitiveMark{}) }
	obj := func(pairs ...any) cty.Value {
		m := map[string]cty.Value{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1].(cty.Value)
		}
		return cty.ObjectVal(m)
	}
	str, tuple := cty.StringVal, func(v ...cty.Value) cty.Value { return cty.TupleVal(v) }
	for _, c := range []struct {
		name, known, unknown, sensitive string
		want                            cty.Value
	}{
		{"a string", `"a"`, `false`, `false`, str("a")},
		{"escapes", `"a\u00e9\n\"\ud83d\ude00"`, `false`, `false`, str("aé\n\"😀")},
		{"no UTF-8", "\"\xff\"", `false`, `false`, str("\uFFFD")},
		{"a number", `12`, `false`, `false`, cty.NumberIntVal(12)},
		{"a large number", `9223372036854775808`, `false`, `false`, cty.MustParseNumberVal("9223372036854775808")},
		{"a boolean", `true`, `false`, `false`, cty.True},
		{"null", `null`, `{}`, `{}`, cty.NullVal(cty.DynamicPseudoType)},
		{"unknown as a whole", `null`, `true`, `{}`, unknown},
		{"absent and unknown", `{}`, `{"id":true}`, `{}`, obj("id", unknown)},
		{"empty masks add nothing", `{"a":[]}`, `{"a":[],"b":[],"c":{}}`, `{"a":[],"d":[{}]}`, obj("a", tuple())},
		{"unknown inside a block", `{"b":[{"x":"1"}]}`, `{"b":[{"y":true}]}`, `{}`, obj("b", tuple(obj("x", str("1"), "y", unknown)))},
		{"the second of two blocks", `[{"x":"1"},{}]`, `[{},{"x":true}]`, `false`, tuple(obj("x", str("1")), obj("x", unknown))},
		{"more unknown elements than known ones", `[]`, `[false,true]`, `false`, tuple(cty.NullVal(cty.DynamicPseudoType), unknown)},
		{"sensitive", `{"a":"s"}`, `{}`, `{"a":true}`, obj("a", secret(str("s")))},
		{"sensitive and unknown", `{}`, `{"a":true}`, `{"a":true}`, obj("a", secret(unknown))},
		{"a mask of another shape", `{"a":"s"}`, `[true]`, `"x"`, obj("a", str("s"))},
		{"the last of two fields", `{"a":"1","a":"2"}`, `{}`, `{}`, obj("a", str("2"))},
		{"private fields", `{"env":"secret","a":{"args":["--token"],"x":"1"}}`, `{"env":true}`, `{}`, obj("a", obj("x", str("1")))},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := toValue(treeOf(t, c.known), maskOf(t, c.unknown), maskOf(t, c.sensitive))
			if !got.RawEquals(c.want) {
				t.Errorf("got  %#v\nwant %#v", got, c.want)
			}
		})
	}
}

func TestReadExpression(t *testing.T) {
	for _, c := range []struct {
		name, text string
		check      func(expression) bool
	}{
		{"a constant", `{"constant_value":"a"}`, func(e expression) bool { return e.constant.RawEquals(cty.StringVal("a")) }},
		{"a constant null", `{"constant_value":null}`, func(e expression) bool { return isNull(e.constant) && e.constant != cty.NilVal }},
		{"references without their prefixes", `{"references":["a.b.id","a.b","a","c.d[\"k\"].x","c.d[\"k\"]","c.d","c"]}`,
			func(e expression) bool { return strings.Join(e.references, " ") == `a.b.id c.d["k"].x` }},
		{"a name that begins like the one before", `{"references":["var.subnetworks","var.subnet","t.gke2.id","t.gke2","t.gke"]}`,
			func(e expression) bool {
				return strings.Join(e.references, " ") == "var.subnetworks var.subnet t.gke2.id t.gke"
			}},
		{"references that are no strings", `{"references":[1,null,"a.b",{}]}`, func(e expression) bool { return strings.Join(e.references, " ") == "a.b" }},
		{"an empty expression", `{}`, func(e expression) bool { return e.constant == cty.NilVal && e.references == nil && e.blocks == nil }},
		{"a single block", `{"x":{"references":["a.b"]}}`, func(e expression) bool { return len(e.blocks) == 1 && e.blocks[0]["x"].references[0] == "a.b" }},
		{"a list of blocks, one of them empty", `[{"x":{"constant_value":1}},{}]`, func(e expression) bool {
			return len(e.blocks) == 2 && e.blocks[0]["x"].constant != cty.NilVal && len(e.blocks[1]) == 0
		}},
		{"nested blocks", `[{"b":[{"x":{"references":["a.b"]}}]}]`, func(e expression) bool { return e.blocks[0]["b"].blocks[0]["x"].references[0] == "a.b" }},
		{"another type", `"text"`, func(e expression) bool { return e.constant == cty.NilVal && e.blocks == nil }},
		{"far too deep", strings.Repeat(`{"a":`, 500) + `1` + strings.Repeat(`}`, 500), func(e expression) bool { return len(e.blocks) == 1 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dec := newDecoder(strings.NewReader(c.text))
			e, err := dec.readExpression(0)
			if err != nil {
				t.Fatal(err)
			}
			if !c.check(e) {
				t.Errorf("read %#v", e)
			}
		})
	}
}

// The table of words stays small whatever the input says.
func TestWordsAreBounded(t *testing.T) {
	dec := newDecoder(strings.NewReader(""))
	for i := range 3 * mostWords {
		dec.text([]byte(`"` + strings.Repeat("x", i%100) + string(rune('a'+i%26)) + strings.Repeat("y", i/100) + `"`))
	}
	if len(dec.words) > mostWords {
		t.Errorf("%d words are kept", len(dec.words))
	}
	for word := range dec.words {
		if len(word) > longestWord {
			t.Errorf("a word of %d bytes is kept", len(word))
		}
	}
}
