package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the module.
type source struct {
	name, folder string
	test         bool
	lines        int
	imports      []string
	file         *ast.File
	positions    *token.FileSet
}

// root is the module's folder, seen from here.
const root = "../.."

// sources reads every Go file of the module, generated test data and nested modules aside.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return enter(name, d.Name())
		}
		if filepath.Ext(name) != ".go" {
			return nil
		}
		s, err := readSource(name)
		out = append(out, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// enter skips folders that hold no code of this module.
func enter(name, base string) error {
	if name == root {
		return nil
	}
	if base == "testdata" || strings.HasPrefix(base, ".") {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

func readSource(name string) (source, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return source{}, err
	}
	relative, err := filepath.Rel(root, name)
	if err != nil {
		return source{}, err
	}
	s := source{name: filepath.ToSlash(relative), test: strings.HasSuffix(name, "_test.go"), lines: strings.Count(string(text), "\n"), positions: token.NewFileSet()}
	s.folder = filepath.ToSlash(filepath.Dir(relative))
	s.file, err = parser.ParseFile(s.positions, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	for _, i := range s.file.Imports {
		imported, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, imported)
	}
	return s, nil
}

// A file that outgrows these is two files.
func TestSizes(t *testing.T) {
	for _, s := range sources(t) {
		most := 400
		if s.test {
			most = 500
		}
		if s.lines > most {
			t.Errorf("%s has %d lines, at most %d", s.name, s.lines, most)
		}
	}
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)

// What is unfinished is not in the code, and bad input is answered, never with a panic.
func TestFinished(t *testing.T) {
	for _, s := range sources(t) {
		for _, group := range s.file.Comments {
			if mark := unfinished.FindString(group.Text()); mark != "" && !s.test {
				t.Errorf("%s: %s", s.positions.Position(group.Pos()), mark)
			}
		}
		if s.test {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, is := n.(*ast.CallExpr); is {
				if f, named := call.Fun.(*ast.Ident); named && f.Name == "panic" {
					t.Errorf("%s: panic", s.positions.Position(call.Pos()))
				}
			}
			return true
		})
	}
}

// Evaluation reads no clock: dates are handed in by the doors.
func TestNoClock(t *testing.T) {
	for _, s := range sources(t) {
		r, found := roomOf(s.folder)
		if s.test || !found || r.folder != "internal/topology" && r.folder != "internal/egress" && r.folder != "internal/checks" && r.folder != "internal/report" {
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if sel, is := n.(*ast.SelectorExpr); is {
				if p, named := sel.X.(*ast.Ident); named && p.Name == "time" && (sel.Sel.Name == "Now" || sel.Sel.Name == "Since" || sel.Sel.Name == "Until") {
					t.Errorf("%s: time.%s", s.positions.Position(sel.Pos()), sel.Sel.Name)
				}
			}
			return true
		})
	}
}

// Every package says what it is for, in one place at least.
func TestPackagesAreDescribed(t *testing.T) {
	described, packages := map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		if s.test && s.folder != "internal/house" {
			continue
		}
		packages[s.folder] = true
		if s.file.Doc != nil {
			described[s.folder] = true
		}
	}
	for folder := range packages {
		if !described[folder] {
			t.Errorf("%s has no package comment", folder)
		}
	}
}
