package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/image"
)

// Ask asks the registry of each reference. The answers are keyed by the references as given; those that name the same image are one
// question, here and in other calls under way. When the context ends, what is missing is unknown at once.
//
// Docker Hub counts reading a manifest as a pull and HEAD requests not ("Docker Hub pull usage and limits"), so docker.io is asked by
// HEAD only, and its platforms are read from mirror.gcr.io by digest. That may make the mirror hold the image: what the mirror said
// before is remembered first, for AskMirror.
func (c *Client) Ask(ctx context.Context, refs []string) map[string]Answer {
	out := make(map[string]Answer, len(refs))
	asked, parsed := map[string][]string{}, map[string]image.Reference{}
	for _, ref := range refs {
		if _, twice := out[ref]; twice {
			continue
		}
		r, err := image.Parse(ref)
		if err != nil {
			out[ref] = Answer{Ref: ref, Served: Unknown, Why: c.clean("not a reference: " + err.Error())}
			continue
		}
		out[ref] = Answer{}
		asked[r.Normalized] = append(asked[r.Normalized], ref)
		parsed[r.Normalized] = r
	}
	var mu sync.Mutex
	var all sync.WaitGroup
	done := 0
	for normalized, spellings := range asked {
		all.Go(func() {
			a := c.one(ctx, parsed[normalized])
			mu.Lock()
			for _, ref := range spellings {
				a.Ref, a.Platforms = ref, slices.Clone(a.Platforms)
				out[ref] = a
			}
			done++
			now := done
			c.tell(now, len(asked))
			mu.Unlock()
		})
	}
	all.Wait()
	return out
}

// tell reports progress, one call at a time among all that ask.
func (c *Client) tell(done, total int) {
	if c.o.Progress == nil {
		return
	}
	c.progress.Lock()
	defer c.progress.Unlock()
	c.o.Progress(done, total)
}

func (c *Client) one(ctx context.Context, ref image.Reference) Answer {
	a, err := c.answers.do(ctx, ref.Normalized, func(ctx context.Context) (Answer, bool, error) {
		a, keep := c.ask(ctx, ref)
		return a, keep, nil
	})
	if err != nil {
		return Answer{Host: ref.Host, Served: Unknown, Why: c.why(err)}
	}
	return a
}

// ask is the question itself; keep says whether asking again could say no more.
func (c *Client) ask(ctx context.Context, ref image.Reference) (a Answer, keep bool) {
	a = Answer{Host: ref.Host, Served: Unknown, Digest: ref.Digest}
	at := &url.URL{Scheme: "https", Host: ref.Host}
	if ref.Class == image.DockerHub {
		at = c.hub
	}
	hub := origin(at) == origin(c.hub) || origin(at) == "registry.hub.docker.com"
	r := c.repository(at, ref.Path, false)
	what := "manifests/" + orElse(ref.Digest, ref.Tag)
	got, err := r.fetch(ctx, http.MethodHead, what)
	if err == nil && !hub && (got.status == http.StatusMethodNotAllowed || got.status == http.StatusNotImplemented) {
		got, err = r.fetch(ctx, http.MethodGet, what)
	}
	if err != nil {
		a.Why = c.why(err)
		return a, false
	}
	switch got.status {
	case http.StatusOK:
	case http.StatusNotFound:
		a.Served = No
		return a, true
	default:
		a.Why = r.said(ctx, got, what, !hub)
		return a, false
	}
	t := mediaTypeOf(got.header)
	if isManifest(t) {
		a.Served, a.MediaType, a.Schema1 = Yes, string(t), t.IsSchema1()
	}
	a.Digest = orElse(ref.Digest, got.header.Get("Docker-Content-Digest"))
	if hub {
		err = c.lookThroughMirror(ctx, ref, t, &a)
	} else {
		err = r.look(ctx, what, &a)
	}
	return a, a.Served != Unknown && (err == nil || errors.As(err, new(words)))
}

// look reads the manifest, and the config of an image that is no index, for the platforms. It may find that there is no manifest.
func (r repository) look(ctx context.Context, what string, a *Answer) error {
	err := r.platforms(ctx, what, a)
	switch {
	case err == nil:
	case errors.As(err, new(invalid)), a.Served != Yes:
		a.Served, a.Why, a.Platforms = Unknown, r.c.why(err), nil
	default:
		a.Untold = r.c.why(err)
	}
	return err
}

func (r repository) platforms(ctx context.Context, what string, a *Answer) error {
	if a.Digest != "" {
		what = "manifests/" + a.Digest
	}
	body, header, err := r.read(ctx, what, a.Digest)
	if err != nil {
		return err
	}
	m, err := parseManifest(mediaTypeOf(header), body)
	if m.mediaType != "" || m.schema1 {
		a.Served, a.MediaType, a.Schema1 = Yes, string(m.mediaType), m.schema1
	}
	if a.Digest == "" {
		sum := sha256.Sum256(body)
		a.Digest = "sha256:" + hex.EncodeToString(sum[:])
	}
	if err != nil || m.config == nil {
		a.Platforms = m.platforms
		return err
	}
	digest := m.config.Digest.String()
	config, _, err := r.read(ctx, "blobs/"+digest, digest)
	if err != nil {
		return err
	}
	a.Platforms, err = platformOf(config)
	return err
}

// read gets content and holds it against its digest where that is known.
func (r repository) read(ctx context.Context, what, digest string) ([]byte, http.Header, error) {
	got, err := r.fetch(ctx, http.MethodGet, what)
	if err != nil {
		return nil, nil, err
	}
	kind, _, _ := strings.Cut(what, "/")
	if got.status != http.StatusOK {
		said := strings.TrimSuffix(kind, "s") + ": " + r.said(ctx, got, what, false)
		if got.status == http.StatusNotFound {
			return nil, nil, words(said)
		}
		return nil, nil, errors.New(said)
	}
	if digest != "" {
		if err := verify(digest, got.body); err != nil {
			return nil, nil, err
		}
	}
	return got.body, got.header, nil
}
