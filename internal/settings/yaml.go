package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
)

// largest is far more than people write, and little enough to read by mistake.
const largest = 1 << 20

// reader reads one file. Its errors name the place.
type reader struct{ file string }

// fields are the keys that a mapping may have, and what reads the value of each.
type fields map[string]func(*yaml.Node) error

// slurp reads a file whole, if it is no larger than it may be.
func slurp(name string, most int64) ([]byte, error) {
	f, err := os.Open(name)
	if err == nil {
		var text []byte
		text, err = io.ReadAll(io.LimitReader(f, most+1))
		err = errors.Join(err, f.Close())
		if err == nil && int64(len(text)) > most {
			return nil, fmt.Errorf("%s: is larger than %d MiB", name, most>>20)
		}
		if err == nil {
			return text, nil
		}
	}
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return nil, fmt.Errorf("%s: %w", name, err)
}

// document is the file's one document; nil where the file says nothing.
func (r reader) document(text []byte) (*yaml.Node, error) {
	if bytes.IndexByte(text, 0) >= 0 {
		return nil, fmt.Errorf("%s: is binary (a zero byte): expected YAML text in UTF-8", r.file)
	}
	if line := badLine(text); line > 0 {
		return nil, fmt.Errorf("%s:%d: is no UTF-8 here: expected YAML text in UTF-8", r.file, line)
	}
	var docs [2]yaml.Node
	loader, err := yaml.NewLoader(bytes.NewReader(text))
	for i := 0; i < len(docs) && err == nil; i++ {
		err = load(loader, &docs[i])
	}
	switch {
	case err == nil:
		return nil, r.at(&docs[1], errors.New("a second document begins: expected one"))
	case !errors.Is(err, io.EOF):
		return nil, r.syntax(err)
	case len(docs[0].Content) == 0 || isNull(docs[0].Content[0]):
		return nil, nil
	}
	return docs[0].Content[0], nil
}

func badLine(text []byte) int {
	line := 0
	for l := range bytes.Lines(text) {
		if line++; !utf8.Valid(l) {
			return line
		}
	}
	return 0
}

// load keeps what the parser cannot take from ending the program: it is given whatever people have in their folders.
func load(loader *yaml.Loader, n *yaml.Node) (err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the parser gave up")
		}
	}()
	return loader.Load(n)
}

func (r reader) syntax(err error) error {
	var at *yaml.LoadError
	if errors.As(err, &at) {
		return fmt.Errorf("%s:%d:%d: is broken YAML: %s", r.file, max(at.Mark.Line, 1), max(at.Mark.Column, 1), at.Message)
	}
	return fmt.Errorf("%s: is broken YAML: %w", r.file, err)
}

// at puts a node's place before an error.
func (r reader) at(n *yaml.Node, err error) error {
	return fmt.Errorf("%s:%d:%d: %w", r.file, max(n.Line, 1), max(n.Column, 1), err)
}

func follow(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	return n
}

func isNull(n *yaml.Node) bool {
	n = follow(n)
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// mapping reads a mapping key by key. Nothing at all, as a key has whose lines are all commented out, is an empty one.
func (r reader) mapping(n *yaml.Node, what string, known fields) error {
	return r.each(n, what, func(key, value *yaml.Node) error {
		read, ok := known[key.Value]
		if !ok {
			return r.at(key, unknown("key", key.Value, slices.Sorted(maps.Keys(known))))
		}
		return read(value)
	})
}

// each hands over the keys and values of a mapping, every key once.
func (r reader) each(n *yaml.Node, what string, read func(key, value *yaml.Node) error) error {
	m := follow(n)
	if isNull(m) {
		return nil
	}
	if m.Kind != yaml.MappingNode {
		return r.at(n, fmt.Errorf("%s is %s: expected keys with values", what, kind(m)))
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(m.Content); i += 2 {
		key := m.Content[i]
		name := follow(key)
		if name.Kind != yaml.ScalarNode {
			return r.at(key, fmt.Errorf("a key is %s: expected a word", kind(name)))
		}
		if first := lines[name.Value]; first > 0 {
			return r.at(key, fmt.Errorf("%q is given twice: it was on line %d already", name.Value, first))
		}
		lines[name.Value] = key.Line
		if err := read(name, m.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

// kind words what was written where something else belongs.
func kind(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case isNull(n):
		return "empty"
	case n.Tag == "!!bool", n.Tag == "!!int", n.Tag == "!!float":
		return n.Value
	}
	return fmt.Sprintf("%q", n.Value)
}

// unknown words a name that there is not. Names in another fashion of writing (failOn, fail-on) are near whatever their length.
func unknown(what, name string, names []string) error {
	for _, n := range names {
		if plain(n) == plain(name) {
			return fmt.Errorf("there is no %s %q: did you mean %q?", what, name, n)
		}
	}
	return errors.New(checks.Unknown(what, name, names))
}

func plain(name string) string {
	return strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
}
