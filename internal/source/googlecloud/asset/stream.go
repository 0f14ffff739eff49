package asset

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/go-json-experiment/json/jsontext"
)

const expected = "expected an asset on each line, as `gcloud asset export` writes them"

// longest bounds what one line may take; the largest assets, firewall policies and pods, lie far below.
const longest = 256 << 20

// stream gives the lines of an export, compressed or not.
type stream struct {
	ctx  context.Context
	in   *bufio.Reader
	name string
	long []byte // a line that is longer than the buffer
	n    int
	// last is true for a line without an end: nothing says that it is whole.
	last bool
}

// openExport opens a file and looks at how it begins: gzip is known by its content, for names say little.
func openExport(ctx context.Context, name string) (*stream, io.Closer, error) {
	f, err := os.Open(name)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, nil, fmt.Errorf("%s: %w: expected an asset export, as `gcloud asset export` writes it", name, err)
	}
	s := &stream{ctx: ctx, name: name}
	s.in = bufio.NewReaderSize(interrupted{ctx, f}, 1<<20)
	if head, _ := s.in.Peek(2); bytes.Equal(head, []byte("\x1f\x8b")) {
		z, err := gzip.NewReader(s.in)
		if err != nil {
			return nil, f, fmt.Errorf("%s: begins as gzip does, and is none: %w", name, err)
		}
		s.in = bufio.NewReaderSize(z, 1<<20)
	}
	return s, f, s.refuse()
}

// interrupted ends reading when the context does.
type interrupted struct {
	ctx context.Context
	in  io.Reader
}

func (r interrupted) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(p)
}

// refuse says what a file is that is no export, as far as its beginning tells.
func (s *stream) refuse() error {
	head, err := s.in.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return s.failed(err)
	}
	if bom := []byte("\xef\xbb\xbf"); bytes.HasPrefix(head, bom) {
		_, _ = s.in.Discard(len(bom))
		head = head[len(bom):]
	}
	text := bytes.TrimSpace(head)
	switch {
	case len(text) == 0 && len(head) < 512:
		return fmt.Errorf("%s: is empty: %s", s.name, expected)
	case len(text) == 0 || text[0] == '{':
		return nil
	case text[0] == '[':
		return fmt.Errorf("%s: is a JSON array: %s (jq -c '.[]' makes lines of an array)", s.name, expected)
	}
	return fmt.Errorf("%s: is no JSON: %s", s.name, expected)
}

// next gives the next line that is not blank, good until the one after it; io.EOF after the last.
func (s *stream) next() ([]byte, error) {
	for {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		text, err := s.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			text, err = s.whole(text)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, s.failed(err)
		}
		s.n++
		if text = bytes.TrimSpace(text); len(text) > 0 {
			s.last = err != nil
			return text, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// whole reads the rest of a long line.
func (s *stream) whole(text []byte) ([]byte, error) {
	s.long = append(s.long[:0], text...)
	for {
		more, err := s.in.ReadSlice('\n')
		if s.long = append(s.long, more...); len(s.long) > longest {
			return nil, fmt.Errorf("is longer than %d MiB: %s", longest>>20, expected)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return s.long, err
		}
	}
}

// failed words an error of reading; an interruption is nothing to word.
func (s *stream) failed(err error) error {
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%s: line %d: the compressed file is cut short: export it again", s.name, s.n+1)
	}
	return fmt.Errorf("%s: line %d: %w", s.name, s.n+1, err)
}

// refused words what is wrong with a line.
func (s *stream) refused(err error, length int) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.Is(err, errNoAsset), errors.Is(err, errPlan), errors.Is(err, errTwo):
		return fmt.Errorf("%s: line %d: %w", s.name, s.n, err)
	case errors.Is(err, io.ErrUnexpectedEOF) && s.last && s.n > 1:
		return fmt.Errorf("%s: line %d: is cut short after %d bytes: export it again", s.name, s.n, length)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: line %d: ends within its JSON: %s (jq -c . makes one line of each)", s.name, s.n, expected)
	case errors.As(err, &syntax):
		return fmt.Errorf("%s: line %d, byte %d: is broken JSON: %s", s.name, s.n, syntax.ByteOffset+1, expected)
	}
	return fmt.Errorf("%s: line %d: %w: %s", s.name, s.n, err, expected)
}

// check finds what the cheap look at a line that does not matter would pass over: an end that is missing, and a second asset behind the first, as files
// that were joined without a line's end have it.
func (s *stream) check(raw []byte) error {
	if raw[len(raw)-1] == '}' && !s.last && !bytes.Contains(raw, []byte("}{")) {
		return nil
	}
	dec := jsontext.NewDecoder(bytes.NewBuffer(raw), options)
	if err := dec.SkipValue(); err != nil {
		return err
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return errTwo
	}
	return nil
}
