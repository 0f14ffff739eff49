package image

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// document is one chunk of the input while its objects are read. Its text is parsed once, into nodes that keep their positions; JSON becomes the
// same nodes.
type document struct {
	file string
	chunk
}

// place names a position inside the chunk as one of the file.
func (d *document) place(line, column int) string {
	if line == 1 {
		column += d.column
	}
	return place(d.file, d.line+line-1, column)
}

// offset names the position of a byte of the chunk.
func (d *document) offset(i int) string {
	line, column := d.lineColumn(i)
	return d.place(line, column)
}

func (d *document) lineColumn(i int) (line, column int) {
	i = max(0, min(i, len(d.text)))
	before := d.text[:i]
	return bytes.Count(before, []byte("\n")) + 1, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}

// at puts a node's position before an error.
func (d *document) at(n *yaml.Node, err error) error {
	return fmt.Errorf("%s: %w", d.place(n.Line, n.Column), err)
}

// parse hands over the root of every document in the chunk.
func (d *document) parse(each func(root *yaml.Node) error) error {
	if d.json {
		root, err := d.parseJSON()
		if err == nil {
			return each(root)
		}
		// A YAML flow mapping may look like JSON at first; where it is none either, JSON was meant.
		if d.parseYAML(func(*yaml.Node) error { return nil }) != nil {
			return err
		}
	}
	return d.parseYAML(each)
}

func (d *document) parseYAML(each func(root *yaml.Node) error) error {
	loader, err := yaml.NewLoader(bytes.NewReader(d.text))
	if err != nil {
		return d.syntaxError(err)
	}
	for {
		var n yaml.Node
		err := load(loader, &n)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return d.syntaxError(err)
		}
		if err := d.each(&n, each); err != nil {
			return err
		}
	}
}

func (d *document) each(n *yaml.Node, each func(root *yaml.Node) error) error {
	if n.Kind == yaml.DocumentNode {
		if len(n.Content) == 0 {
			return nil
		}
		n = n.Content[0]
	}
	if isNull(n) {
		return nil // an empty document, such as a template that rendered to nothing
	}
	if err := newSurvey(d).check(n); err != nil {
		return err
	}
	return each(n)
}

// load keeps what the parser cannot take from ending the program: it is given whatever people have in their folders.
func load(loader *yaml.Loader, n *yaml.Node) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.New("the parser gave up")
		}
	}()
	return loader.Load(n)
}
