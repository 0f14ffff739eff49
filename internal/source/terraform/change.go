package terraform

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/zclconf/go-cty/cty"
)

// change is one element of resource_changes, before it is known whether it matters.
type change struct {
	instance
	mode               string
	deposed            bool
	actions            []string
	reason             string
	index              any
	after, before      any
	unknown, sensitive *mask
	beforeSensitive    *mask
}

func (c *change) is(action string) bool { return slices.Contains(c.actions, action) }

// only reports whether an action is the whole change: a replacement is two.
func (c *change) only(action string) bool { return len(c.actions) == 1 && c.actions[0] == action }

func (p *planReader) readChange(dec *decoder) error {
	var c change
	var late jsontext.Value // the change, when it came before the type
	place := ""
	err := dec.eachField("resource_changes", func(name string) (err error) {
		switch name {
		case "address":
			c.address, err = dec.readString(name)
		case "module_address":
			c.module, err = dec.readString(name)
		case "mode":
			c.mode, err = dec.readString(name)
		case "type":
			c.typ, err = dec.readString(name)
		case "name":
			c.name, err = dec.readString(name)
		case "index":
			c.index, err = dec.readTree(nil)
		case "action_reason":
			c.reason, err = dec.readString(name)
		case "deposed":
			c.deposed = true
			err = dec.SkipValue()
		case "change":
			switch {
			case c.typ == "":
				place = dec.place()
				v, failed := dec.ReadValue()
				late, err = bytes.Clone(v), failed
			case interesting(c.typ):
				err = c.read(dec)
			default:
				err = dec.SkipValue()
			}
		default:
			err = dec.SkipValue()
		}
		return err
	})
	if err != nil {
		return err
	}
	if late != nil && interesting(c.typ) {
		if err := c.read(newDecoder(bytes.NewReader(late))); err != nil {
			return fmt.Errorf("in %s: %w", place, err)
		}
	}
	if c.deposed {
		return nil // the remains of a replacement that failed; the object of this address is another change
	}
	p.known[c.address] = true
	if interesting(c.typ) {
		p.add(&c)
	}
	return nil
}

func (c *change) read(dec *decoder) error {
	keep := wanted[c.typ].keeps
	return dec.eachField("change", func(name string) (err error) {
		switch name {
		case "actions":
			err = dec.eachElement(name, func() error {
				a, err := dec.readString(name)
				c.actions = append(c.actions, a)
				return err
			})
		case "before":
			if c.only("no-op") {
				return dec.SkipValue()
			}
			c.before, err = dec.readTree(keep)
		case "after":
			c.after, err = dec.readTree(keep)
		case "after_unknown":
			c.unknown, err = dec.readMask(keep)
		case "after_sensitive":
			c.sensitive, err = dec.readMask(keep)
		case "before_sensitive":
			c.beforeSensitive, err = dec.readMask(keep)
		default:
			err = dec.SkipValue()
		}
		return err
	})
}

// add sorts a change into the worlds before and after.
func (p *planReader) add(c *change) {
	in := c.instance
	in.data = c.mode == "data"
	in.key = keyOf(c.index)
	in.created = c.is("create")
	if c.is("read") {
		in.deferred = c.reason
		if in.deferred == "" {
			in.deferred = "read during apply"
		}
	}
	if c.before != nil && !in.data && !c.only("no-op") {
		was := in
		was.created = false
		was.value = toValue(c.before, nil, c.beforeSensitive)
		p.doc.before = append(p.doc.before, &was)
		p.changed = true
		switch {
		case c.only("delete"):
			p.doc.removed = append(p.doc.removed, &was)
			return
		case c.is("delete"):
			p.doc.replaced = append(p.doc.replaced, &was)
		case c.only("forget"):
			// Terraform lets go of it, and it stays: what a removed block says.
			stays := was
			stays.forgotten = true
			p.doc.instances = append(p.doc.instances, &stays)
			return
		}
	}
	if c.after == nil && c.unknown == nil {
		return
	}
	p.changed = p.changed || in.created && !in.data
	in.value = toValue(c.after, c.unknown, c.sensitive)
	p.doc.instances = append(p.doc.instances, &in)
	if c.only("no-op") {
		p.doc.before = append(p.doc.before, &in)
	}
}

func keyOf(index any) cty.Value {
	switch k := index.(type) {
	case string:
		return cty.StringVal(k)
	case number:
		return toNumber(k)
	}
	return cty.NilVal
}
