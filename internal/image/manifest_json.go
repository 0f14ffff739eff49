package image

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"go.yaml.in/yaml/v4"
)

var errJSON = errors.New("is broken JSON: something else is expected here")

// jsonReader makes nodes of JSON. YAML's parser would take most of it, but not every escape, nor tabs everywhere.
type jsonReader struct {
	d   *document
	dec *jsontext.Decoder
	// base is where the object begins in the text; seen, how far tokens were read.
	base, seen int
	// at is an offset, and line and column its position: counted on from there, for offsets only grow.
	at, line, column int
}

// parseJSON reads the one object of the chunk.
func (d *document) parseJSON() (*yaml.Node, error) {
	base := max(bytes.IndexByte(d.text, '{'), 0) // behind a --- or a comment
	// What comes twice is found by the survey, which can name both places.
	dec := jsontext.NewDecoder(bytes.NewBuffer(d.text[base:]), jsontext.AllowDuplicateNames(true))
	r := &jsonReader{d: d, dec: dec, base: base, seen: base, line: 1, column: 1}
	root, err := r.value()
	if err != nil {
		return nil, r.syntaxError(err)
	}
	return root, newSurvey(d).check(root)
}

func (r *jsonReader) value() (*yaml.Node, error) {
	t, err := r.dec.ReadToken()
	if err != nil {
		return nil, err
	}
	n := r.node(t)
	var end jsontext.Kind
	switch n.Kind {
	case yaml.MappingNode:
		end = '}'
	case yaml.SequenceNode:
		end = ']'
	default:
		return n, nil
	}
	for r.dec.PeekKind() != end {
		c, err := r.value()
		if err != nil {
			return nil, err
		}
		n.Content = append(n.Content, c)
	}
	_, err = r.dec.ReadToken()
	r.seen = r.base + int(r.dec.InputOffset())
	return n, err
}

// node is a token's, with the position of its first character.
func (r *jsonReader) node(t jsontext.Token) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode}
	switch t.Kind() {
	case '{':
		n.Kind, n.Tag = yaml.MappingNode, "!!map"
	case '[':
		n.Kind, n.Tag = yaml.SequenceNode, "!!seq"
	case 'n':
		n.Tag = nullTag
	case 't', 'f':
		n.Tag, n.Value = boolTag, t.String()
	case '0':
		n.Tag, n.Value = intTag, t.String()
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = floatTag
		}
	default:
		n.Tag, n.Value = textTag, t.String()
	}
	n.Line, n.Column = r.position(r.first())
	return n
}

// first is the offset of the first byte of the token that was just read.
func (r *jsonReader) first() int {
	end := r.base + int(r.dec.InputOffset())
	between := r.d.text[r.seen:end]
	first := r.seen + len(between) - len(bytes.TrimLeft(between, " \t\r\n,:"))
	r.seen = end
	return first
}

func (r *jsonReader) position(offset int) (line, column int) {
	between := r.d.text[r.at:offset]
	if breaks := bytes.Count(between, []byte("\n")); breaks > 0 {
		r.line += breaks
		r.column = 1
	}
	r.column += utf8.RuneCount(between[bytes.LastIndexByte(between, '\n')+1:])
	r.at = offset
	return r.line, r.column
}

// syntaxError says where the JSON breaks, in words that quote nothing of it.
func (r *jsonReader) syntaxError(err error) error {
	at := r.d.offset(len(r.d.text))
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: is broken JSON: it ends too early: %w", at, io.ErrUnexpectedEOF)
	}
	if i := firstBad(r.d.text); i >= 0 {
		return fmt.Errorf("%s: %w", r.d.offset(i), errEncoding)
	}
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		broken := r.base + int(syntax.ByteOffset)
		at = r.d.offset(broken)
		line, _ := r.d.lineColumn(broken)
		if i := r.d.action(line); i >= 0 {
			return fmt.Errorf("%s: %w", r.d.offset(i), errTemplate)
		}
	}
	return fmt.Errorf("%s: %w", at, errJSON)
}
