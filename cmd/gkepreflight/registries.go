package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

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

// answers asks the registries of the images that were read. What goes wrong there is part of what is known; only an interruption is an error. The
// token is for Google's registries. The notes say what Docker Hub still grants this machine.
func (f *checkFlags) answers(ctx context.Context, read topology.Facts, token func(context.Context) (string, error), std streams) (topology.Facts, []string, error) {
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
	client := registry.New(registry.Options{AllowPrivate: f.allowPrivate, GoogleToken: token, Progress: progress(std.err, "registries were asked for %d of %d images")})
	facts := client.Facts(ctx, refs)
	var notes []string
	if hub {
		if a, err := client.HubAllowance(ctx); err == nil && !a.Unlimited {
			notes = append(notes, fmt.Sprintf("Docker Hub grants %d pulls in %s, and %d are left for this machine; the nodes' addresses have an allowance of their own", a.Limit, a.Window, a.Remaining))
		}
	}
	return facts, notes, ctx.Err()
}
