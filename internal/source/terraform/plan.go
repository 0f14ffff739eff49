package terraform

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/zclconf/go-cty/cty"
)

// planReader collects one plan or state while its JSON streams by.
type planReader struct {
	doc     document
	version string
	plan    bool
	errored bool
	partial bool
	raw     bool            // a raw state file
	schemas bool            // a provider schema dump
	log     bool            // what terraform plan -json prints
	asset   bool            // a line of a Cloud Asset Inventory export
	known   map[string]bool // addresses that resource_changes spoke of
	prior   []*instance
	changed bool
}

// readDocument reads what `terraform show -json` prints of a plan or a state. Everything wrong with the input is one error that
// names what the input is instead.
func readDocument(r io.Reader, source string) (*document, error) {
	p := &planReader{doc: document{source: source, providers: map[string]*provider{}, variables: map[string]cty.Value{}}, known: map[string]bool{}}
	in := bufio.NewReaderSize(r, sniffed)
	if err := open(in); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	if err := p.read(newDecoder(in)); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	p.finish()
	return &p.doc, nil
}

func (p *planReader) read(dec *decoder) error {
	if err := dec.eachField("document", func(name string) error { return p.topLevel(dec, name) }); err != nil {
		return explain(err, dec)
	}
	if err := p.refuse(); err != nil {
		return err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("has more after the end of its JSON (byte %d): %s", dec.InputOffset(), expected)
	}
	return nil
}

func (p *planReader) topLevel(dec *decoder, name string) (err error) {
	switch name {
	case "format_version":
		if p.version, err = dec.readString(name); err == nil {
			err = checkVersion(p.version)
		}
	case "errored":
		p.errored, err = dec.readBool(name)
	case "complete":
		var complete bool
		complete, err = dec.readBool(name)
		p.partial = !complete
	case "variables":
		err = p.readVariables(dec)
	case "resource_changes":
		p.plan = true
		err = dec.eachElement(name, func() error { return p.readChange(dec) })
	case "planned_values", "output_changes", "resource_drift":
		p.plan = true
		err = dec.SkipValue()
	case "prior_state":
		err = dec.eachField(name, func(n string) error {
			if n != "values" {
				return dec.SkipValue()
			}
			return p.readValues(dec, p.addPrior)
		})
	case "values":
		err = p.readValues(dec, p.addState)
	case "configuration":
		p.plan = true
		err = p.readConfiguration(dec)
	case "lineage", "serial":
		p.raw = true
		err = dec.SkipValue()
	case "provider_schemas":
		p.schemas = true
		err = dec.SkipValue()
	case "@level":
		p.log = true
		err = dec.SkipValue()
	case "asset_type", "assetType":
		p.asset = true
		err = dec.SkipValue()
	default:
		err = dec.SkipValue()
	}
	return err
}

func (p *planReader) readVariables(dec *decoder) error {
	return dec.eachField("variables", func(name string) error {
		v, err := dec.readTree(func(n string) bool { return n == "value" })
		if err == nil {
			f, _ := v.(fields)
			value, _ := f.get("value")
			p.doc.variables[name] = toValue(value, nil, nil)
		}
		return err
	})
}

// finish adds what only the prior state tells: data sources, and resources that a change does not speak of.
func (p *planReader) finish() {
	p.doc.plan = p.plan
	for _, in := range p.prior {
		if p.known[in.address] {
			continue
		}
		p.doc.instances = append(p.doc.instances, in)
		p.doc.before = append(p.doc.before, in)
	}
	switch {
	case !p.changed:
		p.doc.before = nil
	case p.doc.before == nil:
		p.doc.before = []*instance{} // nothing of it was there
	}
	paths := map[string][]step{}
	for _, in := range p.doc.instances {
		path, done := paths[in.module]
		if !done {
			var err error
			if path, err = modulePath(in.module); err != nil {
				path = nowhere
			}
			paths[in.module] = path
		}
		in.config = p.doc.blockOf(path, in.data, in.typ, in.name)
	}
}

// nowhere is the path of a module whose address cannot be read.
var nowhere = []step{{}}
