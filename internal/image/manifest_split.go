package image

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxDocument bounds what one document may take: a list of every pod of a large cluster lies well below.
const maxDocument = 64 << 20

var errTooLarge = errors.New("the document is larger than 64 MiB: expected smaller ones, separated by ---")

// chunk is one document of the input, and where it begins.
type chunk struct {
	text []byte
	line int
	// column is how many characters stand before it on its first line: those of a JSON object that ends there.
	column int
	json   bool
}

// splitter cuts the input into documents, so that a stream takes the memory of its largest. A line that begins with --- ends a YAML document
// wherever it stands, in quotes and block scalars too (YAML 1.2, 9.1.2), so no parser is needed to find it. JSON ends with its last brace.
type splitter struct {
	in   *bufio.Reader
	name string
	buf  []byte
	rest []byte // read, and part of the next document
	// line and column are what was read before the buffer: whole lines, and characters of the line it begins in.
	line, column int
	begun        bool
	done         error
}

func newSplitter(r io.Reader, name string) *splitter {
	return &splitter{in: bufio.NewReaderSize(r, 64<<10), name: name}
}

// next gives the next document; its text is good until the one after.
func (s *splitter) next() (chunk, error) {
	s.pass()
	content := false // more than blanks, comments and directives
	var json *braces
	for len(s.rest) > 0 || s.done == nil {
		start := len(s.buf)
		s.appendLine()
		if err := s.refuse(start); err != nil {
			return chunk{}, err
		}
		line := s.buf[start:]
		if !content && json == nil && opensJSON(line) {
			json = &braces{}
		}
		if json != nil {
			if end := json.end(line); end >= 0 {
				return s.cut(start+end, true), nil
			}
			continue
		}
		if !content && bytes.HasPrefix(line, []byte("%YAML")) {
			line[0] = '#' // the parser knows no version but 1.1, and reads 1.2 as well
		}
		if content && border(line, "---") {
			return s.cut(start, false), nil
		}
		content = content || holdsContent(line)
		if content && border(line, "...") {
			return s.cut(len(s.buf), false), nil
		}
	}
	if !errors.Is(s.done, io.EOF) {
		return chunk{}, fmt.Errorf("%s: %w", orInput(s.name), s.done)
	}
	if len(bytes.TrimSpace(s.buf)) == 0 {
		return chunk{}, io.EOF
	}
	return s.cut(len(s.buf), json != nil), nil
}

// pass leaves the last document behind.
func (s *splitter) pass() {
	if lines := bytes.Count(s.buf, []byte("\n")); lines > 0 {
		s.line += lines
		s.column = 0
	}
	s.column += utf8.RuneCount(s.buf[bytes.LastIndexByte(s.buf, '\n')+1:])
	s.buf = s.buf[:0]
}

// cut ends the document there; what was read behind it is kept for the next.
func (s *splitter) cut(end int, json bool) chunk {
	s.rest = append(s.rest[:0], s.buf[end:]...)
	s.buf = s.buf[:end]
	return chunk{text: s.buf, line: s.line + 1, column: s.column, json: json}
}

// appendLine reads a line into the buffer, its break included.
func (s *splitter) appendLine() {
	if len(s.rest) > 0 {
		s.buf = append(s.buf, s.rest...)
		s.rest = s.rest[:0]
		return
	}
	for len(s.buf) <= maxDocument {
		part, err := s.in.ReadSlice('\n')
		s.buf = append(s.buf, part...)
		if !errors.Is(err, bufio.ErrBufferFull) {
			s.done = err
			return
		}
	}
}

// refuse stops at what is no text, before a parser is asked, and at what is too large.
func (s *splitter) refuse(start int) error {
	if !s.begun {
		s.begun = true
		if err := foreign(s.buf); err != nil {
			return fmt.Errorf("%s: %w", orInput(s.name), err)
		}
		s.buf = bytes.TrimPrefix(s.buf, []byte("\xef\xbb\xbf"))
	}
	if len(s.buf) > maxDocument {
		return fmt.Errorf("%s: %w", place(s.name, s.line+1, s.column+1), errTooLarge)
	}
	if i := bytes.IndexByte(s.buf[start:], 0); i >= 0 {
		line := s.line + bytes.Count(s.buf[:start], []byte("\n")) + 1
		return fmt.Errorf("%s: %w", place(s.name, line, utf8.RuneCount(s.buf[start:start+i])+1), errBinary)
	}
	return nil
}

// border reports whether a line is a document marker: alone, or before a blank.
func border(line []byte, marker string) bool {
	rest, is := bytes.CutPrefix(line, []byte(marker))
	return is && (len(rest) == 0 || bytes.IndexByte([]byte(" \t\r\n"), rest[0]) >= 0)
}

func holdsContent(line []byte) bool {
	if rest, is := bytes.CutPrefix(line, []byte("---")); is && border(line, "---") {
		line = rest
	}
	t := bytes.TrimSpace(line)
	return len(t) > 0 && t[0] != '#' && line[0] != '%'
}
