package image

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

var (
	errTemplate = errors.New("is a Helm template that is not rendered: helm template … | gkepreflight check --manifests -")
	errBinary   = errors.New("is binary (a zero byte): expected YAML or JSON text in UTF-8")
	errEncoding = errors.New("is no UTF-8 here: expected YAML or JSON text in UTF-8")
	errNoObject = errors.New("is no Kubernetes object: expected a mapping with apiVersion and kind")
)

// place names a position, 1-based. Text that came without a name has only lines.
func place(name string, line, column int) string {
	if name == "" {
		return fmt.Sprintf("line %d, column %d", line, column)
	}
	return fmt.Sprintf("%s:%d:%d", orInput(name), line, column)
}

func orInput(name string) string {
	switch name {
	case "":
		return "the input"
	case "-":
		return "standard input"
	}
	return name
}

// foreign says what a file is whose first bytes are those of another format.
func foreign(head []byte) error {
	for magic, kind := range map[string]string{
		"\x1f\x8b":   "is a gzip file (a packaged chart is rendered first: helm template … | gkepreflight check --manifests -)",
		"PK\x03\x04": "is a zip file",
		"\x7fELF":    "is a program",
		"%PDF-":      "is a PDF file",
		"\xff\xfe":   "is UTF-16 text (PowerShell's > writes it)",
		"\xfe\xff":   "is UTF-16 text",
	} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return fmt.Errorf("%s: expected YAML or JSON text in UTF-8", kind)
		}
	}
	return nil
}

// directive is what opens an action of a Helm template. Other programs write {{ }} into values of their own (alerts, workflows), with other words.
var directive = regexp.MustCompile(`\{\{-?\s*(/\*|(if|else|end|range|with|define|template|block|include|toYaml|tpl|fail|required|printf|default|quote|lookup)\b|\.(Values|Release|Chart|Capabilities|Files|Template)\b|\$\.|\$\w+\s*:=|\.\s*[|}])`)

// syntaxError says where a document stops being YAML. Of the parser's words only those are kept that cannot quote the document, which may be a Secret.
func (d *document) syntaxError(err error) error {
	line, column, why := 1, 1, "is broken YAML"
	var at *yaml.LoadError
	if errors.As(err, &at) {
		line, column = max(at.Mark.Line, 1), max(at.Mark.Column, 1)
		why += ": " + words(at.Message)
	}
	if i := firstBad(d.text); i >= 0 {
		return fmt.Errorf("%s: %w", d.offset(i), errEncoding)
	}
	if i := d.action(line); i >= 0 {
		return fmt.Errorf("%s: %w", d.offset(i), errTemplate)
	}
	return fmt.Errorf("%s: %w", d.place(line, column), errors.New(why))
}

// action is the offset of the template action that a document breaks at, on the line or next to it, or else of one that has a line to itself; -1 for none. Any
// other may be a value's own, in an alert for instance.
func (d *document) action(broken int) int {
	alone, offset, line := -1, 0, 0
	for text := range bytes.Lines(d.text) {
		line++
		if i := directive.FindIndex(text); i != nil {
			if line >= broken-1 && line <= broken+1 {
				return offset + i[0]
			}
			if alone < 0 && len(bytes.TrimSpace(text[:i[0]])) == 0 {
				alone = offset + i[0]
			}
		}
		offset += len(text)
	}
	return alone
}

// quoting are the messages that hold words of the document, up to those words.
var quoting = map[string]string{
	"unknown anchor":  "an alias names an anchor that is not written before it",
	"found character": "a character stands where none of its kind can begin a value, such as a tab in the indentation, @ or `",
}

func words(message string) string {
	for prefix, own := range quoting {
		if len(message) >= len(prefix) && message[:len(prefix)] == prefix {
			return own
		}
	}
	return message
}

// firstBad is the offset of the first byte that is no UTF-8; -1 where all of it is.
func firstBad(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return -1
}
