package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/registry"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// existence is the check that registries are asked for.
const existence = "image-exists"

var errNotLive = errors.New("--allow-private-registries says what --live may do, and --live is not given")

// asks reports whether the registries are to be asked: nobody would hear what they say where the check is left out.
func (f *checkFlags) asks(p checks.Policy) bool {
	return f.live && !slices.Contains(p.Skip, existence) && (len(p.Only) == 0 || slices.Contains(p.Only, existence))
}

// tokenVariable holds an access token for Google's registries, as the google provider takes it.
const tokenVariable = "GOOGLE_OAUTH_ACCESS_TOKEN"

// answers asks the registries of the images that were read. What goes wrong there is part of what is known; only an interruption is an error. The
// notes say what Docker Hub still grants this machine.
func (f *checkFlags) answers(ctx context.Context, read topology.Facts, std streams) (topology.Facts, []string, error) {
	var refs []string
	hub := false
	for _, u := range read.Images {
		if ref, known := u.Ref.Get(); known {
			refs = append(refs, ref)
			r, err := image.Parse(ref)
			hub = hub || err == nil && r.Class == image.DockerHub
		}
	}
	if len(refs) == 0 {
		return topology.Facts{}, nil, nil
	}
	o := registry.Options{AllowPrivate: f.allowPrivate, Progress: progress(std.err)}
	if token := std.env(tokenVariable); token != "" {
		o.GoogleToken = func(context.Context) (string, error) { return token, nil }
	}
	client := registry.New(o)
	facts := client.Facts(ctx, refs)
	var notes []string
	if hub {
		if a, err := client.HubAllowance(ctx); err == nil && !a.Unlimited {
			notes = append(notes, fmt.Sprintf("Docker Hub grants %d pulls in %s, and %d are left for this machine; the nodes' addresses have an allowance of their own", a.Limit, a.Window, a.Remaining))
		}
	}
	return facts, notes, ctx.Err()
}

// progress counts on a terminal how many images were asked for, in one line that is gone in the end; nil for any other place.
func progress(w io.Writer) func(done, total int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(done, total int) { fmt.Fprint(w, counted(done, total)) }
}

func counted(done, total int) string {
	line := fmt.Sprintf("registries were asked for %d of %d images", done, total)
	if done == total {
		return "\r" + strings.Repeat(" ", len(line)) + "\r"
	}
	return "\r" + line
}
