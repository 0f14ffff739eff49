package terraform

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// step is one name of an address or reference, with the instance key behind it: NilVal for none, a string or a number.
type step struct {
	name string
	key  cty.Value
}

func (s step) keyed() bool { return s.key != cty.NilVal }

// parseAddress splits an address or reference as Terraform prints it into its steps: module.a["x.y"].google_compute_network.n[0].id
// has the steps module, a["x.y"], google_compute_network, n[0], id.
func parseAddress(address string) ([]step, error) {
	traversal, diags := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil, fmt.Errorf("%q is no Terraform address: %s", address, diags[0].Detail)
	}
	var steps []step
	for _, t := range traversal {
		switch t := t.(type) {
		case hcl.TraverseRoot:
			steps = append(steps, step{name: t.Name})
		case hcl.TraverseAttr:
			steps = append(steps, step{name: t.Name})
		case hcl.TraverseIndex:
			if last := &steps[len(steps)-1]; !last.keyed() {
				last.key = t.Key
			} else {
				steps = append(steps, step{key: t.Key})
			}
		default:
			return nil, fmt.Errorf("%q is no Terraform address: it has a splat", address)
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
	var path []step
	for i := 0; i < len(steps); i += 2 {
		if steps[i].name != "module" || steps[i].keyed() || i+1 == len(steps) {
			return nil, fmt.Errorf("%q is no module address", address)
		}
		path = append(path, steps[i+1])
	}
	return path, nil
}
