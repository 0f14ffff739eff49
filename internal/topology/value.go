package topology

// NotTold is why a fact is unknown when no source mentioned it.
const NotTold = "not in any source"

// KnownAfterApply is why a fact is unknown when Terraform can compute it only during apply.
const KnownAfterApply = "known after apply"

// Origin says where a fact was read: the object and attribute, and the file and line where a configuration was read.
type Origin struct {
	Object    string // Terraform address or full resource name
	Attribute string
	File      string
	Line      int
}

// Value is a fact that is known, or unknown with the reason why.
// The zero Value is unknown: what nobody told never passes for something.
type Value[T any] struct {
	Origin Origin
	// Assumed marks Google's documented default, taken because no source told otherwise.
	Assumed bool
	// Inferred marks a join made by elimination rather than by value or reference.
	Inferred bool

	known bool // beside the other two it takes no room of its own; there are millions of values
	value T
	why   string
}

// Known is a fact a source stated.
func Known[T any](v T, from Origin) Value[T] {
	return Value[T]{value: v, known: true, Origin: from}
}

// Default is a fact no source stated, taken from Google's documented default.
func Default[T any](v T, from Origin) Value[T] {
	return Value[T]{value: v, known: true, Assumed: true, Origin: from}
}

// Unknown is a fact that could not be read, and why: "known after apply", "403: compute.routers.list".
func Unknown[T any](why string, from Origin) Value[T] {
	return Value[T]{why: why, Origin: from}
}

// Get returns the fact and whether it is known.
func (v Value[T]) Get() (T, bool) { return v.value, v.known }

// Known reports whether the fact is known.
func (v Value[T]) Known() bool { return v.known }

// Or returns the fact, or the given one where it is unknown.
func (v Value[T]) Or(other T) T {
	if v.known {
		return v.value
	}
	return other
}

// Why says why the fact is unknown; empty for a known one.
func (v Value[T]) Why() string {
	if !v.known && v.why == "" {
		return NotTold
	}
	return v.why
}
