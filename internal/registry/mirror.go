package registry

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
)

// AskMirror asks mirror.gcr.io whether it serves a docker.io image now: an anonymous HEAD of the manifest, as GKE's nodes resolve it
// (hosts.toml of docker.io, "pull" and "resolve"). It says nothing about later, for images that nobody asks for are removed, nor about the
// layers ("Pull cached images", Artifact Registry documentation); and asking may itself make the mirror fetch the image.
func (c *Client) AskMirror(ctx context.Context, ref string) Answer {
	r, err := image.Parse(ref)
	if err != nil {
		return Answer{Ref: ref, Host: c.mirror.Host, Served: Unknown, Why: c.clean("not a reference: " + err.Error())}
	}
	if r.Class != image.DockerHub {
		return Answer{Ref: ref, Host: c.mirror.Host, Served: Unknown, Why: "the mirror is asked only for docker.io, not for " + r.Host}
	}
	a := c.mirrorOf(ctx, r)
	a.Ref = ref
	return a
}

func (c *Client) mirrorOf(ctx context.Context, ref image.Reference) Answer {
	a, err := c.mirrored.do(ctx, ref.Normalized, func(ctx context.Context) (Answer, bool, error) {
		a := Answer{Host: c.mirror.Host, Served: Unknown, Digest: ref.Digest}
		r := c.repository(c.mirror, ref.Path, true)
		what := "manifests/" + orElse(ref.Digest, ref.Tag)
		got, err := r.fetch(ctx, http.MethodHead, what)
		if err != nil {
			a.Why = c.why(err)
			return a, false, nil
		}
		switch t := mediaTypeOf(got.header); {
		case got.status == http.StatusOK && isManifest(t):
			a.Served, a.MediaType, a.Schema1 = Yes, string(t), t.IsSchema1()
			a.Digest = orElse(ref.Digest, got.header.Get("Docker-Content-Digest"))
		case got.status == http.StatusOK:
			a.Why = c.why(noManifest(t))
		case got.status == http.StatusNotFound:
			a.Served = No
		default:
			a.Why = r.said(ctx, got, what, false)
		}
		return a, a.Served != Unknown, nil
	})
	if err != nil {
		return Answer{Host: c.mirror.Host, Served: Unknown, Why: c.why(err)}
	}
	return a
}

// lookThroughMirror reads the platforms of a docker.io image at the mirror. A digest is the same content wherever it is served.
func (c *Client) lookThroughMirror(ctx context.Context, ref image.Reference, t types.MediaType, a *Answer) error {
	if a.Served != Yes {
		err := noManifest(t)
		a.Why = c.why(err)
		return err
	}
	if a.Schema1 || a.Digest == "" {
		err := words("not read: Docker Hub counts it as a pull")
		a.Untold = c.why(err)
		return err
	}
	if before := c.mirrorOf(ctx, ref); before.Served == Unknown {
		a.Untold = "not read at the mirror: " + before.Why
		return errors.New(a.Untold)
	}
	from := *a
	err := c.repository(c.mirror, ref.Path, true).platforms(ctx, "", &from)
	if err != nil {
		a.Untold = "not read at the mirror, and Docker Hub counts it as a pull: " + c.why(err)
		return err
	}
	a.Platforms = from.Platforms
	return nil
}
