package diagnose

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"

	"github.com/go-json-experiment/json/jsontext"
)

const expected = "expected `kubectl get pods,events -o json`, or the text of `kubectl describe pod` or `kubectl get events`"

// sniffed is how much of the input is looked at to say what it is.
const sniffed = 4096

var (
	podTable = regexp.MustCompile(`(?m)^(?:NAMESPACE\s+)?NAME\s+READY\s+STATUS\s`)
	asYAML   = regexp.MustCompile(`(?m)^-?\s{0,2}(?:apiVersion|kind): `)
)

// Read reads pods, events and nodes in one go; name is what errors call the input. JSON documents may follow one another.
func Read(name string, in io.Reader) (*Reading, error) {
	r := newReading()
	buffered := bufio.NewReaderSize(in, 1<<16)
	if err := r.read(buffered); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return r, nil
}

func (r *Reading) read(in *bufio.Reader) error {
	head, err := in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if bom := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, bom) {
		_, _ = in.Discard(len(bom))
		head = head[len(bom):]
	}
	text := bytes.TrimSpace(head)
	switch {
	case len(text) == 0:
		return errors.New("is empty: " + expected)
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return errors.New("is UTF-16 text, as PowerShell's > writes it: expected UTF-8 (`kubectl get pods,events -o json | Out-File -Encoding utf8 pods.json`)")
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return errors.New("is compressed with gzip: " + expected)
	case bytes.IndexByte(head, 0) >= 0:
		return errors.New("is binary: " + expected)
	case text[0] == '{', text[0] == '[':
		return r.readJSON(in)
	case podTable.Match(head):
		return errors.New("is the table of `kubectl get pods`, which shows no causes: " + expected)
	case asYAML.Match(head):
		return errors.New("is YAML: " + expected)
	}
	return r.readLines(in)
}

// readJSON reads every document of a stream.
func (r *Reading) readJSON(in io.Reader) error {
	// What a cluster holds is data: odd bytes in one annotation must not cost the rest.
	dec := jsontext.NewDecoder(in, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	docs := documents{reading: r, dec: dec}
	for {
		switch dec.PeekKind() {
		case '{':
			if err := docs.object(); err != nil {
				return err
			}
		case '[':
			if err := docs.items("", ""); err != nil {
				return err
			}
		default:
			_, err := dec.ReadToken()
			if errors.Is(err, io.EOF) {
				return docs.refuse()
			}
			if err != nil {
				return misread(err, dec)
			}
			return fmt.Errorf("holds something other than an object before byte %d: %s", dec.InputOffset(), expected)
		}
	}
}

// misread words an error of the decoder by what the reader should know: where it is, and that the file is cut short or no JSON.
func misread(err error, dec *jsontext.Decoder) error {
	var syntax *jsontext.SyntacticError
	located := errors.As(err, &syntax)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		// What was read and not used is part of a value that never ended.
		end := dec.InputOffset() + int64(len(dec.UnreadBuffer()))
		return fmt.Errorf("ends in the middle (after byte %d): it is truncated; expected the whole output of `kubectl get pods,events -o json`", end)
	case located:
		return fmt.Errorf("is not valid JSON at byte %d: %s", syntax.ByteOffset, expected)
	}
	return err
}
