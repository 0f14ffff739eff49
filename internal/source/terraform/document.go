package terraform

import (
	"github.com/zclconf/go-cty/cty"
)

// document is what one plan or state says, before it becomes facts.
type document struct {
	source    string
	plan      bool                 // false for a state
	instances []*instance          // as they will be after apply
	before    []*instance          // as they were, for a plan that changes something; nil otherwise
	removed   []*instance          // those the plan destroys
	replaced  []*instance          // as they were, those the plan makes anew, be it under the same name
	root      *moduleConfig        // nil for a state
	providers map[string]*provider // by provider_config_key
	variables map[string]cty.Value // of the root module
}

// instance is one resource or data source instance in the google provider's shape.
type instance struct {
	address string
	module  string // address of the module instance; empty for the root
	data    bool
	typ     string
	name    string
	key     cty.Value
	// value holds the attributes of interest: unknown where only apply tells, marked sensitive where Terraform says so.
	value   cty.Value
	created bool
	// forgotten is true for a resource that Terraform stops managing and leaves where it is.
	forgotten bool
	// deferred is why Terraform will read this data source only during apply; empty otherwise.
	deferred string
	config   *blockConfig
	file     string
	line     int
}

// sensitive marks values Terraform calls sensitive; they never reach a report.
type sensitiveMark struct{}

// moduleConfig is a module of the plan's configuration, unevaluated.
type moduleConfig struct {
	blocks    map[string]*blockConfig // by "type.name" or "data.type.name"
	calls     map[string]*callConfig
	outputs   map[string]expression
	variables map[string]cty.Value // defaults
	secrets   map[string]bool      // variables marked sensitive
}

type blockConfig struct {
	providerKey string
	attributes  map[string]expression
	forEach     []string // references of for_each or count
}

type callConfig struct {
	attributes map[string]expression
	forEach    []string
	module     *moduleConfig
}

type provider struct {
	attributes map[string]expression
	module     string
}

// expression is what plan JSON keeps of one: a constant, or references; or nested blocks.
type expression struct {
	constant   cty.Value // NilVal when it is no constant
	references []string
	blocks     []map[string]expression
}

// blockOf finds the configuration block of an instance; nil when there is none.
func (d *document) blockOf(path []step, data bool, typ, name string) *blockConfig {
	m := d.moduleOf(path)
	if m == nil {
		return nil
	}
	key := typ + "." + name
	if data {
		key = "data." + key
	}
	return m.blocks[key]
}

func (d *document) moduleOf(path []step) *moduleConfig {
	m := d.root
	for _, s := range path {
		if m == nil {
			return nil
		}
		call := m.calls[s.name]
		if call == nil {
			return nil
		}
		m = call.module
	}
	return m
}
