package terraform

import (
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// decoder reads token by token, keeps what is of interest and skips the rest unread, so that reading a plan costs less than decoding all of it.
// A plan says the same few names and words thousands of times: each is kept once.
type decoder struct {
	*jsontext.Decoder
	words map[string]string
}

// Words are kept up to a length and a number, so that no input makes the table large.
const (
	longestWord = 64
	mostWords   = 4096
)

func newDecoder(r io.Reader) *decoder {
	return &decoder{jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)), map[string]string{}}
}

// text gives the text of a string as it is written in JSON.
func (d *decoder) text(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	for _, c := range inner {
		if c == '\\' || c >= 0x80 {
			// What is no UTF-8 comes out with replacement characters; the error says no more than that.
			unquoted, _ := jsontext.AppendUnquote(nil, quoted)
			return string(unquoted)
		}
	}
	if word, known := d.words[string(inner)]; known {
		return word
	}
	word := string(inner)
	if len(word) <= longestWord && len(d.words) < mostWords {
		d.words[word] = word
	}
	return word
}

// eachField calls field for every name of the object at hand, which must consume the value. A null is an empty object.
func (d *decoder) eachField(what string, field func(name string) error) error {
	tok, err := d.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() == 'n' {
		return nil
	}
	if tok.Kind() != '{' {
		return d.shapeError(what, "an object", tok.Kind())
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadValue()
		if err != nil {
			return err
		}
		if err := field(d.text(name)); err != nil {
			return err
		}
	}
	_, err = d.ReadToken()
	return err
}

// eachElement calls element for every element of the array at hand, which must consume it. A null is an empty array.
func (d *decoder) eachElement(what string, element func() error) error {
	tok, err := d.ReadToken()
	if err != nil {
		return err
	}
	if tok.Kind() == 'n' {
		return nil
	}
	if tok.Kind() != '[' {
		return d.shapeError(what, "an array", tok.Kind())
	}
	for d.PeekKind() != ']' {
		if err := element(); err != nil {
			return err
		}
	}
	_, err = d.ReadToken()
	return err
}

func (d *decoder) shapeError(what, want string, got jsontext.Kind) error {
	return fmt.Errorf("%s at %s is %s, expected %s", what, d.place(), kindName(got), want)
}

// place is where the decoder stands, as a JSON pointer on one line.
func (d *decoder) place() string {
	p := string(d.StackPointer())
	if p == "" {
		return "the top"
	}
	if quoted := strconv.Quote(p); quoted != `"`+p+`"` {
		p = quoted
	}
	return p
}

func kindName(k jsontext.Kind) string {
	switch k {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case '0':
		return "a number"
	case 't', 'f':
		return "a boolean"
	}
	return "null"
}

func (d *decoder) readString(what string) (string, error) {
	if d.PeekKind() == '"' {
		v, err := d.ReadValue()
		if err != nil {
			return "", err
		}
		return d.text(v), nil
	}
	tok, err := d.ReadToken()
	if err != nil || tok.Kind() == 'n' {
		return "", err
	}
	return "", d.shapeError(what, "a string", tok.Kind())
}

func (d *decoder) readBool(what string) (bool, error) {
	tok, err := d.ReadToken()
	if err != nil {
		return false, err
	}
	switch tok.Kind() {
	case 't', 'f':
		return tok.Bool(), nil
	case 'n':
		return false, nil
	}
	return false, d.shapeError(what, "a boolean", tok.Kind())
}
