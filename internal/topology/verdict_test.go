package topology

import (
	"encoding/json"
	"testing"
)

var verdicts = []Verdict{Skip, Pass, Undecided, Fail}

// Kleene's tables: a skipped question counts for nothing.
func TestKleene(t *testing.T) {
	all := map[[2]Verdict]Verdict{
		{Skip, Skip}: Skip, {Skip, Pass}: Pass, {Skip, Undecided}: Undecided, {Skip, Fail}: Fail,
		{Pass, Pass}: Pass, {Pass, Undecided}: Undecided, {Pass, Fail}: Fail,
		{Undecided, Undecided}: Undecided, {Undecided, Fail}: Fail, {Fail, Fail}: Fail,
	}
	either := map[[2]Verdict]Verdict{
		{Skip, Skip}: Fail, {Skip, Pass}: Pass, {Skip, Undecided}: Undecided, {Skip, Fail}: Fail,
		{Pass, Pass}: Pass, {Pass, Undecided}: Pass, {Pass, Fail}: Pass,
		{Undecided, Undecided}: Undecided, {Undecided, Fail}: Undecided, {Fail, Fail}: Fail,
	}
	for _, a := range verdicts {
		for _, b := range verdicts {
			pair := [2]Verdict{min(a, b), max(a, b)}
			if got := All(a, b); got != all[pair] {
				t.Errorf("All(%s, %s) = %s, want %s", a, b, got, all[pair])
			}
			if got := Any(a, b); got != either[pair] {
				t.Errorf("Any(%s, %s) = %s, want %s", a, b, got, either[pair])
			}
		}
		if All(a) != a || a != Skip && Any(a) != a {
			t.Errorf("%s alone is All %s, Any %s", a, All(a), Any(a))
		}
	}
	if All() != Skip || Any() != Fail {
		t.Errorf("of nothing: All %s, Any %s", All(), Any())
	}
	if All(Pass, Undecided, Fail, Pass) != Fail || Any(Fail, Undecided, Pass, Fail) != Pass {
		t.Error("one fail decides a conjunction, one pass a disjunction")
	}
}

func TestOf(t *testing.T) {
	for _, tc := range []struct {
		value Value[bool]
		want  Verdict
	}{{Known(true, Origin{}), Pass}, {Known(false, Origin{}), Fail}, {Default(true, Origin{}), Pass}, {Unknown[bool]("later", Origin{}), Undecided}, {Value[bool]{}, Undecided}} {
		if got := Of(tc.value); got != tc.want {
			t.Errorf("%+v: %s, want %s", tc.value, got, tc.want)
		}
	}
}

func TestVerdictWords(t *testing.T) {
	text, err := json.Marshal(verdicts)
	if want := `["skip","pass","unknown","fail"]`; err != nil || string(text) != want {
		t.Errorf("%s, %v, want %s", text, err, want)
	}
}

func TestValue(t *testing.T) {
	from := Origin{Object: "a.b", Attribute: "c", File: "main.tf", Line: 3}
	for _, tc := range []struct {
		name           string
		value          Value[int]
		or             int
		known, assumed bool
		why            string
		origin         Origin
	}{
		{"known", Known(0, from), 0, true, false, "", from},
		{"default", Default(7, from), 7, true, true, "", from},
		{"unknown", Unknown[int](KnownAfterApply, from), 9, false, false, KnownAfterApply, from},
		{"unknown without a reason", Unknown[int]("", from), 9, false, false, NotTold, from},
		{"never told", Value[int]{}, 9, false, false, NotTold, Origin{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, known := tc.value.Get()
			if known != tc.known || tc.value.Known() != tc.known || tc.value.Or(9) != tc.or || tc.value.Assumed != tc.assumed || tc.value.Why() != tc.why || tc.value.Origin != tc.origin {
				t.Errorf("got %+v", tc.value)
			}
		})
	}
}
