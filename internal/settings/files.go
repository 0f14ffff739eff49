package settings

import (
	"errors"

	"go.yaml.in/yaml/v4"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// ReadConfig reads a configuration file.
func ReadConfig(name string) (Config, error) {
	c, r := Config{File: name}, reader{name}
	return c, r.read(fields{
		"internet":         r.word("internet", Internets, &c.Internet),
		"mirror":           r.word("mirror", Mirrors, &c.Mirror),
		"fail_on":          r.word("fail_on", FailOns, &c.FailOn),
		"strict":           r.boolean("strict", &c.Strict),
		"only":             r.checks("only", &c.Only),
		"skip":             r.checks("skip", &c.Skip),
		"severity":         r.levels("severity", &c.Severity),
		"docker_hub_limit": r.number("docker_hub_limit", &c.HubLimit),
		"ignore": r.list("ignore", func(n *yaml.Node) error {
			e, err := r.exception(n)
			c.Ignore = append(c.Ignore, e)
			return err
		}),
	})
}

// ReadPolicy reads a policy file.
func ReadPolicy(name string) (Policy, error) {
	p, r := Policy{File: name}, reader{name}
	return p, r.read(fields{
		"internet":       r.word("internet", Internets, &p.Internet),
		"mirror":         r.word("mirror", Mirrors, &p.Mirror),
		"fail_on":        r.word("fail_on", FailOns, &p.FailOn),
		"strict":         r.boolean("strict", &p.Strict),
		"locked":         r.checks("locked", &p.Locked),
		"severity_floor": r.levels("severity_floor", &p.Floors),
	})
}

// read reads a file whose one document is a mapping. A file that says nothing sets nothing.
func (r reader) read(known fields) error {
	text, err := slurp(r.file, largest)
	if err != nil {
		return err
	}
	root, err := r.document(text)
	if err != nil || root == nil {
		return err
	}
	return r.mapping(root, "the file", known)
}

// exception reads one entry of ignore. What is wrong with a value is told at the value, and what is missing at the entry.
func (r reader) exception(n *yaml.Node) (checks.Exception, error) {
	var e checks.Exception
	if isNull(n) {
		return e, r.at(n, errors.New("an entry of ignore is empty: expected check and reason"))
	}
	at := map[string]*yaml.Node{}
	noted := func(field string, read func(*yaml.Node) error) func(*yaml.Node) error {
		return func(value *yaml.Node) error {
			at[field] = value
			return read(value)
		}
	}
	err := r.mapping(n, "an entry of ignore", fields{
		"check":   noted("check", r.text("check", &e.Check)),
		"objects": noted("objects", r.list("objects", r.glob(&e.Objects))),
		"reason":  noted("reason", r.text("reason", &e.Reason)),
		"expires": noted("expires", r.text("expires", &e.Expires)),
	})
	if err != nil {
		return e, err
	}
	if at["check"] == nil {
		return e, r.at(n, errors.New("an entry of ignore names no check"))
	}
	if objects := at["objects"]; objects != nil && len(e.Objects) == 0 {
		return e, r.at(objects, errors.New("objects is empty: name at least one, or leave it out to mean every object"))
	}
	if expires := at["expires"]; expires != nil && e.Expires == "" {
		return e, r.at(expires, errors.New("expires is empty: write YYYY-MM-DD, or leave it out for no end"))
	}
	if wrong := e.Mistakes(); len(wrong) > 0 {
		place := n
		if value := at[wrong[0].Field]; value != nil {
			place = value
		}
		return e, r.at(place, errors.New(wrong[0].Message))
	}
	return e, nil
}

// glob reads a pattern: an empty one would match nothing.
func (r reader) glob(to *[]string) func(*yaml.Node) error {
	return func(n *yaml.Node) error {
		var pattern string
		if err := r.text("a glob of objects", &pattern)(n); err != nil {
			return err
		}
		if pattern == "" {
			return r.at(n, errors.New("a glob of objects is empty: it matches nothing"))
		}
		*to = append(*to, pattern)
		return nil
	}
}
