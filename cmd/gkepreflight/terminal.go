package main

import (
	"cmp"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// widest keeps sentences readable on wide screens.
const widest = 120

// screen says what the reader's terminal can show. A file or a pipe gets plain text of the default width: what is in a
// log must not depend on who looks at it.
func screen(w io.Writer, env func(string) string) report.Options {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return report.Options{}
	}
	o := terminal(env)
	if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
		o.Width = min(width, widest)
	}
	return o
}

// terminal says what a terminal can show by what the environment tells of it.
func terminal(env func(string) string) report.Options {
	locale := strings.ToUpper(cmp.Or(env("LC_ALL"), env("LC_CTYPE"), env("LANG")))
	return report.Options{
		Color: env("NO_COLOR") == "" && env("TERM") != "dumb",
		ASCII: locale != "" && !strings.Contains(locale, "UTF-8") && !strings.Contains(locale, "UTF8"),
	}
}

// interactive reports whether reading from r would wait for someone to type.
func interactive(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
