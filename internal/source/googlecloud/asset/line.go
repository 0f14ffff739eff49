package asset

import (
	"bytes"
	"errors"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// line is one asset of an export, taken apart as far as needed. The raw parts are good until the next line is read.
type line struct {
	number     int
	name, kind string
	// data is the resource in its API's JSON; policy its IAM policy; perimeter what an export of access policies holds instead.
	data, policy, perimeter jsontext.Value
	ancestors               []string
}

var (
	errNoAsset = errors.New("is JSON, but no asset: " + expected)
	errTwo     = errors.New("has more than one asset: " + expected)
	errPlan    = errors.New("is what `terraform show -json` prints: give a plan with --plan and a state with --state")
)

// scanner takes lines apart.
type scanner struct {
	dec  *jsontext.Decoder
	text []byte // of a name, unquoted
	seen map[string]string
}

func newScanner() *scanner { return &scanner{seen: map[string]string{}} }

var options = jsontext.AllowDuplicateNames(true)

// scan takes a line apart. Of an asset that does not matter it reads only as much as tells so.
func (s *scanner) scan(raw []byte, l *line) error {
	*l = line{number: l.number}
	if s.dec == nil {
		s.dec = jsontext.NewDecoder(bytes.NewBuffer(raw), options)
	} else {
		s.dec.Reset(bytes.NewBuffer(raw), options)
	}
	if k := s.dec.PeekKind(); k != '{' {
		_, err := s.dec.ReadToken()
		if err == nil {
			err = errNoAsset
		}
		return err
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for s.dec.PeekKind() != '}' {
		key, err := s.dec.ReadValue()
		if err != nil {
			return err
		}
		if err := s.member(string(key), l); err != nil {
			return err
		}
		if l.kind != "" && l.name != "" && kinds[l.kind].of == "" {
			return nil
		}
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	if l.kind == "" || l.name == "" {
		return errNoAsset
	}
	return nil
}

// member reads a member of the asset. Exports write its names as protocol buffers do, list calls as JSON does; the API's own data is alike in both.
func (s *scanner) member(key string, l *line) (err error) {
	switch key {
	case `"name"`:
		l.name, err = s.string()
	case `"asset_type"`, `"assetType"`:
		l.kind, err = s.shared()
	case `"resource"`:
		err = s.resource(l)
	case `"iam_policy"`, `"iamPolicy"`:
		l.policy, err = s.object()
	case `"service_perimeter"`, `"servicePerimeter"`:
		l.perimeter, err = s.object()
	case `"ancestors"`:
		l.ancestors, err = s.strings()
	case `"format_version"`:
		err = errPlan
	default:
		err = s.dec.SkipValue()
	}
	return err
}

// resource keeps the data of a resource.
func (s *scanner) resource(l *line) error {
	if s.dec.PeekKind() != '{' {
		return s.dec.SkipValue()
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return err
	}
	for s.dec.PeekKind() != '}' {
		key, err := s.dec.ReadValue()
		if err != nil {
			return err
		}
		if string(key) == `"data"` {
			l.data, err = s.object()
		} else {
			err = s.dec.SkipValue()
		}
		if err != nil {
			return err
		}
	}
	_, err := s.dec.ReadToken()
	return err
}

// object is the text of an object; nil for null.
func (s *scanner) object() (jsontext.Value, error) {
	v, err := s.dec.ReadValue()
	if err != nil || string(v) == "null" {
		return nil, err
	}
	return v, nil
}

func (s *scanner) string() (string, error) {
	if err := s.unquote(); err != nil {
		return "", err
	}
	return string(s.text), nil
}

// shared is a string of which there are few, kept once.
func (s *scanner) shared() (string, error) {
	if err := s.unquote(); err != nil {
		return "", err
	}
	if kept, seen := s.seen[string(s.text)]; seen {
		return kept, nil
	}
	kept := string(s.text)
	s.seen[kept] = kept
	return kept, nil
}

func (s *scanner) unquote() error {
	v, err := s.dec.ReadValue()
	if err != nil {
		return err
	}
	if v.Kind() != '"' {
		return errNoAsset
	}
	s.text, err = jsontext.AppendUnquote(s.text[:0], v)
	return err
}

func (s *scanner) strings() ([]string, error) {
	if s.dec.PeekKind() != '[' {
		return nil, s.dec.SkipValue()
	}
	if _, err := s.dec.ReadToken(); err != nil {
		return nil, err
	}
	var out []string
	for s.dec.PeekKind() != ']' {
		one, err := s.shared()
		if err != nil {
			return nil, err
		}
		out = append(out, one)
	}
	_, err := s.dec.ReadToken()
	return out, err
}

// projectOf is the project in a full resource name, by its ID or number; empty where there is none.
func projectOf(name string) string {
	_, after, found := strings.Cut(name, "/projects/")
	if !found {
		return ""
	}
	project, _, _ := strings.Cut(after, "/")
	return project
}

// after is the segment of a name that follows another one: after(name, "managedZones").
func after(name, segment string) string {
	_, rest, found := strings.Cut(name, "/"+segment+"/")
	if !found {
		return ""
	}
	one, _, _ := strings.Cut(rest, "/")
	return one
}
