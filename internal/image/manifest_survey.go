package image

import (
	"bytes"
	"errors"
	"fmt"

	"go.yaml.in/yaml/v4"
)

// maxAliased bounds what aliases may add to a document: ten lines of them can stand for billions of values.
const maxAliased = 1_000_000

// maxNesting is far deeper than any object, and shallow enough for a walk to recurse.
const maxNesting = 1000

var (
	errBomb   = fmt.Errorf("aliases stand for more than %d values here: expected them written out", maxAliased)
	errCycle  = errors.New("an alias stands inside the value that it names")
	errDeep   = fmt.Errorf("values are nested more than %d deep here", maxNesting)
	errBadKey = errors.New("a key is a list or a mapping: expected a word")
)

// survey walks a document once before anything is read: afterwards keys are single words, each written once, and following aliases ends.
type survey struct {
	d     *document
	size  map[*yaml.Node]int // values that an anchor stands for; zero while it is being read
	extra int
}

func newSurvey(d *document) *survey { return &survey{d: d} }

func (s *survey) check(root *yaml.Node) error {
	_, err := s.walk(root, 0)
	return err
}

// walk gives the number of values below a node, aliases followed.
func (s *survey) walk(n *yaml.Node, depth int) (int, error) {
	if depth > maxNesting {
		return 0, s.d.at(n, errDeep)
	}
	if n.Kind == yaml.AliasNode {
		return s.alias(n)
	}
	if n.Anchor != "" {
		if s.size == nil {
			s.size = map[*yaml.Node]int{}
		}
		s.size[n] = 0
	}
	if n.Kind == yaml.MappingNode {
		if err := s.keys(n); err != nil {
			return 0, err
		}
	}
	size := 1
	for _, c := range n.Content {
		below, err := s.walk(c, depth+1)
		if err != nil {
			return 0, err
		}
		size += below
	}
	if n.Anchor != "" {
		s.size[n] = size
	}
	return size, nil
}

func (s *survey) alias(n *yaml.Node) (int, error) {
	size := s.size[n.Alias]
	if size == 0 {
		return 0, s.d.at(n, errCycle)
	}
	if s.extra += size; s.extra > maxAliased {
		return 0, s.d.at(n, errBomb)
	}
	return size, nil
}

// keys refuses what kubectl refuses: a key that is no word, and a key written twice, of which one value would be lost. The key is not named: it may be one
// of a Secret.
func (s *survey) keys(n *yaml.Node) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind == yaml.AliasNode {
			k = k.Alias
		}
		if k.Kind != yaml.ScalarNode {
			return s.d.at(k, s.notAWord(k))
		}
	}
	first := firsts(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if f := first(k, i); f != nil && k.Kind == yaml.ScalarNode && k.Tag != mergeTag {
			return s.d.at(k, fmt.Errorf("a duplicate key: the same was written on line %d, expected each key once", s.d.line+f.Line-1))
		}
	}
	return nil
}

// firsts finds an earlier key of the same name: by comparing where there are few, which is nearly always.
func firsts(n *yaml.Node) func(k *yaml.Node, before int) *yaml.Node {
	if len(n.Content) <= 32 {
		return func(k *yaml.Node, before int) *yaml.Node {
			for i := 0; i < before; i += 2 {
				if c := n.Content[i]; c.Value == k.Value && c.Kind == k.Kind {
					return c
				}
			}
			return nil
		}
	}
	seen := make(map[string]*yaml.Node, len(n.Content)/2)
	return func(k *yaml.Node, _ int) *yaml.Node {
		if f := seen[k.Value]; f != nil {
			return f
		}
		seen[k.Value] = k
		return nil
	}
}

// notAWord tells a value of {{ .Values.x }} without quotes, which is YAML of a sort, from other keys that are no words.
func (s *survey) notAWord(k *yaml.Node) error {
	lines := bytes.SplitN(s.d.text, []byte("\n"), k.Line+1)
	if k.Line <= len(lines) && bytes.Contains(lines[k.Line-1], []byte("{{")) {
		return errTemplate
	}
	return errBadKey
}
