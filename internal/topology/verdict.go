package topology

// Verdict is the answer to one question about the network.
type Verdict uint8

// The verdicts, from harmless to decisive: the larger wins a conjunction.
const (
	Skip Verdict = iota
	Pass
	Undecided
	Fail
)

var verdictNames = [...]string{"skip", "pass", "unknown", "fail"}

func (v Verdict) String() string { return verdictNames[v] }

// MarshalText writes the verdict in the words of the JSON report.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// All is Kleene's conjunction: one Fail decides whatever else is unknown.
func All(vs ...Verdict) Verdict {
	worst := Skip
	for _, v := range vs {
		worst = max(worst, v)
	}
	return worst
}

// Any is Kleene's disjunction: one Pass decides whatever else is unknown; of nothing it is Fail.
func Any(vs ...Verdict) Verdict {
	best := Fail
	for _, v := range vs {
		if v != Skip {
			best = min(best, v)
		}
	}
	return best
}

// Of turns a known or unknown boolean into a verdict.
func Of(v Value[bool]) Verdict {
	switch b, known := v.Get(); {
	case !known:
		return Undecided
	case b:
		return Pass
	}
	return Fail
}
