package terraform

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// step is one name of an address or reference, with the instance key behind it: NilVal for none, a string or a number.
type step struct {
	name string
	key  cty.Value
	at   int // where it starts in the text
}

func (s step) keyed() bool { return s.key != cty.NilVal }

// parseAddress splits an address or reference as Terraform prints it into its steps: module.a["x.y"].google_compute_network.n[0].id
// has the steps module, a["x.y"], google_compute_network, n[0], id. A plan has thousands of them, nearly all plain.
func parseAddress(address string) ([]step, error) {
	steps := make([]step, 0, strings.Count(address, ".")+1)
	for at := 0; ; at++ {
		end := at
		for end < len(address) && inName(address[end], end > at) {
			end++
		}
		if end == at {
			return parseWithHCL(address)
		}
		steps = append(steps, step{name: address[at:end], key: cty.NilVal, at: at})
		for end < len(address) && address[end] == '[' {
			key, next := plainKey(address, end+1)
			if next < 0 {
				return parseWithHCL(address)
			}
			if last := &steps[len(steps)-1]; !last.keyed() {
				last.key = key
			} else {
				steps = append(steps, step{key: key, at: end})
			}
			end = next
		}
		if end == len(address) {
			return steps, nil
		}
		if address[end] != '.' {
			return parseWithHCL(address)
		}
		at = end
	}
}

func inName(c byte, inside bool) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || inside && ('0' <= c && c <= '9' || c == '-')
}

// plainKey reads a key from behind its bracket: a short number, or a string without escapes. Next is behind the closing bracket, negative when
// the key is of another kind.
func plainKey(address string, at int) (key cty.Value, next int) {
	if at < len(address) && address[at] == '"' {
		for end := at + 1; end < len(address); end++ {
			switch c := address[end]; {
			case c == '"':
				if end+1 < len(address) && address[end+1] == ']' {
					return cty.StringVal(address[at+1 : end]), end + 2
				}
				return cty.NilVal, -1
			case c == '\\' || c == '$' || c == '%' || c < ' ' || c >= 0x7f:
				return cty.NilVal, -1
			}
		}
		return cty.NilVal, -1
	}
	digits, _, closed := strings.Cut(address[at:], "]")
	if n, err := strconv.ParseUint(digits, 10, 31); err == nil && closed {
		return cty.NumberUIntVal(n), at + len(digits) + 1
	}
	return cty.NilVal, -1
}

// longestAddress bounds what is parsed with care.
const longestAddress = 16 << 10

// parseWithHCL parses what is not plain, and says what is wrong with the rest.
func parseWithHCL(address string) ([]step, error) {
	if len(address) > longestAddress {
		return nil, fmt.Errorf("%q is no Terraform address: it is too long", clip(address))
	}
	traversal, diags := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%q is no Terraform address: %s", clip(address), diags[0].Detail)
	}
	var steps []step
	for _, t := range traversal {
		at := t.SourceRange().Start.Byte
		switch t := t.(type) {
		case hcl.TraverseRoot:
			steps = append(steps, step{name: t.Name, key: cty.NilVal, at: at})
		case hcl.TraverseAttr:
			steps = append(steps, step{name: t.Name, key: cty.NilVal, at: at + 1}) // behind the dot
		case hcl.TraverseIndex:
			if last := &steps[len(steps)-1]; !last.keyed() {
				last.key = t.Key
			} else {
				steps = append(steps, step{key: t.Key, at: at})
			}
		default:
			return nil, fmt.Errorf("%q is no Terraform address: it has a splat", clip(address))
		}
		if last := steps[len(steps)-1]; !strings.HasPrefix(address[last.at:], last.name) {
			return nil, fmt.Errorf("%q is no Terraform address: it has white space", clip(address))
		}
	}
	return steps, nil
}

// modulePath gives the calls that lead to a module instance: module.a["x"].module.b is a["x"], b. The root is empty.
func modulePath(address string) ([]step, error) {
	if address == "" {
		return nil, nil
	}
	steps, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	if len(steps) > 2*maxDepth {
		return nil, fmt.Errorf("%q is no module address: it is too deep", clip(address))
	}
	path := make([]step, 0, len(steps)/2)
	for i := 0; i < len(steps); i += 2 {
		if steps[i].name != "module" || steps[i].keyed() || i+1 == len(steps) || steps[i+1].name == "" {
			return nil, fmt.Errorf("%q is no module address", clip(address))
		}
		path = append(path, steps[i+1])
	}
	return path, nil
}

// parentAddress cuts the last call off a module address.
func parentAddress(address string, last step) string {
	return address[:max(last.at-len("module.")-1, 0)]
}
