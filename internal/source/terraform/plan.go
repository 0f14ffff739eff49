package terraform

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"
)

// planReader collects one plan or state while its JSON streams by.
type planReader struct {
	doc     document
	version string
	plan    bool
	errored bool
	partial bool
	raw     bool // a raw state file
	schemas bool // a provider schema dump
	values  bool
	known   map[string]bool // addresses that resource_changes spoke of
	prior   []*instance
	changed bool
}

// readDocument reads what `terraform show -json` prints of a plan or a state. Everything wrong with the input is one error that
// names what the input is instead.
func readDocument(r io.Reader, source string) (*document, error) {
	p := &planReader{doc: document{source: source, providers: map[string]*provider{}, variables: map[string]cty.Value{}}, known: map[string]bool{}}
	dec := jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if k := dec.PeekKind(); k != '{' {
		return nil, fmt.Errorf("%s: %w", source, p.notJSON(dec, k))
	}
	if err := eachField(dec, "document", func(name string) error { return p.topLevel(dec, name) }); err != nil {
		return nil, fmt.Errorf("%s: %w", source, explain(err, dec))
	}
	if err := p.accept(); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	p.doc.plan = p.plan
	p.finish()
	return &p.doc, nil
}

func (p *planReader) notJSON(dec *jsontext.Decoder, k jsontext.Kind) error {
	if k == '[' || k == '"' || k == '0' || k == 'n' || k == 't' || k == 'f' {
		return fmt.Errorf("is JSON, but %s: expected the object that `terraform show -json` prints", kindName(k))
	}
	if _, err := dec.ReadToken(); errors.Is(err, io.EOF) {
		return errors.New("is empty: expected the output of `terraform show -json`")
	} else if err != nil {
		return explain(err, dec)
	}
	return errors.New("is not JSON: expected the output of `terraform show -json`")
}

// explain words a syntax error by what the reader should know: where it is and that the file is cut short or no JSON at all.
func explain(err error, dec *jsontext.Decoder) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("ends in the middle (after byte %d): it is truncated; expected the whole output of `terraform show -json`", dec.InputOffset())
	case errors.As(err, &syntax):
		if syntax.ByteOffset < 4 {
			return errors.New("is not JSON: expected the output of `terraform show -json`")
		}
		return fmt.Errorf("is not valid JSON at byte %d: expected the output of `terraform show -json`", syntax.ByteOffset)
	}
	return err
}

func (p *planReader) topLevel(dec *jsontext.Decoder, name string) (err error) {
	switch name {
	case "format_version":
		p.version, err = readString(dec, name)
	case "errored":
		p.errored, err = readBool(dec, name)
	case "complete":
		var complete bool
		complete, err = readBool(dec, name)
		p.partial = !complete
	case "variables":
		err = p.readVariables(dec)
	case "resource_changes":
		p.plan = true
		err = eachElement(dec, name, func() error { return p.readChange(dec) })
	case "planned_values", "output_changes", "resource_drift":
		p.plan = true
		err = dec.SkipValue()
	case "prior_state":
		err = eachField(dec, name, func(n string) error {
			if n != "values" {
				return dec.SkipValue()
			}
			return p.readValues(dec, p.addPrior)
		})
	case "values":
		p.values = true
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
	default:
		err = dec.SkipValue()
	}
	return err
}

// accept refuses what is no plan or state, each by its name.
func (p *planReader) accept() error {
	switch {
	case p.raw:
		return errors.New("is a raw state file: give the output of `terraform show -json` instead, in the folder of that state")
	case p.schemas:
		return errors.New("is the output of `terraform providers schema -json`: expected that of `terraform show -json`")
	case p.version == "":
		return errors.New("is JSON, but has no format_version: expected the output of `terraform show -json`")
	}
	major, _, _ := strings.Cut(p.version, ".")
	if known := map[bool]string{true: "1", false: "1"}[p.plan]; major != known && !(major == "0" && p.version == "0.2") {
		return fmt.Errorf("has format_version %s: this version reads major version %s", clip(p.version), known)
	}
	switch {
	case p.errored:
		return errors.New("is the plan of a run that failed (errored is true): it does not show the network after apply; plan again without errors")
	case p.plan && p.partial:
		return errors.New("is a partial plan (complete is false, as with -target or deferred changes): it does not show the network after apply; plan everything")
	}
	return nil
}

func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}

func (p *planReader) readVariables(dec *jsontext.Decoder) error {
	return eachField(dec, "variables", func(name string) error {
		v, err := readTree(dec, func(n string) bool { return n == "value" })
		if err == nil {
			p.doc.variables[name] = toValue(object(v)["value"], nil, nil)
		}
		return err
	})
}

// change is one element of resource_changes, before it is known whether it matters.
type change struct {
	instance
	mode                   string
	actions                []string
	reason                 string
	after, before          any
	unknown, sensitive     any
	beforeSensitive, index any
}

func (p *planReader) readChange(dec *jsontext.Decoder) error {
	var c change
	var late jsontext.Value // the change, when it came before the type
	err := eachField(dec, "resource_changes", func(name string) (err error) {
		switch name {
		case "address":
			c.address, err = readString(dec, name)
		case "module_address":
			c.module, err = readString(dec, name)
		case "mode":
			c.mode, err = readString(dec, name)
		case "type":
			c.typ, err = readString(dec, name)
		case "name":
			c.name, err = readString(dec, name)
		case "index":
			c.index, err = readTree(dec, nil)
		case "action_reason":
			c.reason, err = readString(dec, name)
		case "deposed":
			c.mode = "deposed"
			err = dec.SkipValue()
		case "change":
			if c.typ == "" {
				var v jsontext.Value
				v, err = dec.ReadValue()
				late = bytes.Clone(v)
				return err
			}
			if !interesting(c.typ) {
				return dec.SkipValue()
			}
			err = c.read(dec)
		default:
			err = dec.SkipValue()
		}
		return err
	})
	if err != nil {
		return err
	}
	if late != nil && interesting(c.typ) {
		if err := c.read(jsontext.NewDecoder(bytes.NewReader(late), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))); err != nil {
			return err
		}
	}
	p.known[c.address] = true
	if interesting(c.typ) && c.mode != "deposed" {
		p.add(&c)
	}
	return nil
}

func (c *change) read(dec *jsontext.Decoder) error {
	keep := func(n string) bool { return wants(c.typ, n) }
	return eachField(dec, "change", func(name string) (err error) {
		switch name {
		case "actions":
			err = eachElement(dec, name, func() error {
				a, err := readString(dec, name)
				c.actions = append(c.actions, a)
				return err
			})
		case "before":
			if len(c.actions) == 1 && c.actions[0] == "no-op" {
				return dec.SkipValue()
			}
			c.before, err = readTree(dec, keep)
		case "after":
			c.after, err = readTree(dec, keep)
		case "after_unknown":
			c.unknown, err = readTree(dec, keep)
		case "after_sensitive":
			c.sensitive, err = readTree(dec, keep)
		case "before_sensitive":
			c.beforeSensitive, err = readTree(dec, keep)
		default:
			err = dec.SkipValue()
		}
		return err
	})
}

// add sorts a change into the worlds before and after.
func (p *planReader) add(c *change) {
	has := map[string]bool{}
	for _, a := range c.actions {
		has[a] = true
	}
	in := c.instance
	in.data = c.mode == "data"
	in.key = keyOf(c.index)
	in.created = has["create"]
	if has["read"] {
		in.deferred = c.reason
		if in.deferred == "" {
			in.deferred = "read during apply"
		}
	}
	if c.before != nil && !in.data {
		was := in
		was.created = false
		was.value = toValue(c.before, nil, c.beforeSensitive)
		p.doc.before = append(p.doc.before, &was)
		p.changed = true
		if len(c.actions) == 1 && (has["delete"] || has["forget"]) {
			p.doc.removed = append(p.doc.removed, &was)
			return
		}
	}
	if c.after == nil && c.unknown == nil {
		return
	}
	in.value = toValue(c.after, c.unknown, c.sensitive)
	p.doc.instances = append(p.doc.instances, &in)
	if has["no-op"] {
		p.doc.before = append(p.doc.before, &in)
	}
}

func keyOf(index any) cty.Value {
	switch k := index.(type) {
	case string:
		return cty.StringVal(k)
	case number:
		return toValue(k, nil, nil)
	}
	return cty.NilVal
}

// finish adds what only the prior state tells: data sources, and resources that a change does not speak of.
func (p *planReader) finish() {
	for _, in := range p.prior {
		if p.known[in.address] {
			continue
		}
		p.doc.instances = append(p.doc.instances, in)
		p.doc.before = append(p.doc.before, in)
	}
	if !p.changed {
		p.doc.before = nil
	}
	for _, in := range p.doc.instances {
		if path, err := modulePath(in.module); err == nil {
			in.config = p.doc.blockOf(path, in.data, in.typ, in.name)
		}
	}
}
