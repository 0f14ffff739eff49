package terraform

// readValues reads the module tree of a state, and of the prior state in a plan.
func (p *planReader) readValues(dec *decoder, add func(*instance)) error {
	return dec.eachField("values", func(name string) error {
		if name != "root_module" {
			return dec.SkipValue()
		}
		return p.readModule(dec, add, 0)
	})
}

// maxDepth bounds module nesting, so that no input can exhaust the stack.
const maxDepth = 200

func (p *planReader) readModule(dec *decoder, add func(*instance), depth int) error {
	var address string
	var here []*instance
	err := dec.eachField("module", func(name string) (err error) {
		switch {
		case name == "address":
			address, err = dec.readString(name)
		case name == "resources":
			err = dec.eachElement(name, func() error {
				in, err := p.readResource(dec)
				if in != nil {
					here = append(here, in)
				}
				return err
			})
		case name == "child_modules" && depth < maxDepth:
			err = dec.eachElement(name, func() error { return p.readModule(dec, add, depth+1) })
		default:
			err = dec.SkipValue()
		}
		return err
	})
	for _, in := range here {
		in.module = address
		add(in)
	}
	return err
}

func (p *planReader) readResource(dec *decoder) (*instance, error) {
	var in instance
	var mode string
	var index, values any
	var sensitive *mask
	deposed := false
	err := dec.eachField("resource", func(name string) (err error) {
		switch name {
		case "address":
			in.address, err = dec.readString(name)
		case "mode":
			mode, err = dec.readString(name)
		case "type":
			in.typ, err = dec.readString(name)
		case "name":
			in.name, err = dec.readString(name)
		case "index":
			index, err = dec.readTree(nil)
		case "deposed_key":
			deposed = true
			err = dec.SkipValue()
		case "values":
			if in.typ != "" && !interesting(in.typ) || mode == "managed" && p.known[in.address] {
				return dec.SkipValue()
			}
			values, err = dec.readTree(func(n string) bool { return in.typ == "" || wants(in.typ, n) })
		case "sensitive_values":
			sensitive, err = dec.readMask(nil)
		default:
			err = dec.SkipValue()
		}
		return err
	})
	if err != nil || deposed || values == nil || !interesting(in.typ) {
		return nil, err
	}
	in.data = mode == "data"
	in.key = keyOf(index)
	in.value = toValue(values, nil, sensitive)
	return &in, nil
}

func (p *planReader) addPrior(in *instance) { p.prior = append(p.prior, in) }

func (p *planReader) addState(in *instance) { p.doc.instances = append(p.doc.instances, in) }
