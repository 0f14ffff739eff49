package registry

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/distribution/distribution/v3/configuration"
	"github.com/distribution/distribution/v3/registry/auth/token"
	"github.com/distribution/distribution/v3/registry/handlers"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/inmemory"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/sirupsen/logrus"
)

func TestMain(m *testing.M) {
	logrus.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// distribution is the distribution project's registry, with its own configuration.
func distribution(t testing.TB, change func(*configuration.Configuration)) http.Handler {
	t.Helper()
	config := &configuration.Configuration{Storage: configuration.Storage{
		"inmemory":    configuration.Parameters{},
		"maintenance": configuration.Parameters{"uploadpurging": map[any]any{"enabled": false}},
	}}
	config.HTTP.Secret = "of the test"
	if change != nil {
		change(config)
	}
	ctx, cancel := context.WithCancel(context.Background())
	app := handlers.NewApp(ctx, config)
	t.Cleanup(func() {
		if err := app.Shutdown(); err != nil {
			t.Errorf("the registry did not stop: %v", err)
		}
		cancel()
	})
	return app
}

// push puts content into a registry as a builder would, with whatever the transport adds.
func push(t testing.TB, rt http.RoundTripper, ref string, image v1.Image, index v1.ImageIndex) {
	t.Helper()
	r, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	if index != nil {
		err = remote.WriteIndex(r, index, remote.WithTransport(rt))
	} else {
		err = remote.Write(r, image, remote.WithTransport(rt))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// imageFor is an image without layers.
func imageFor(t testing.TB, os, arch, variant string) v1.Image {
	t.Helper()
	img, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{OS: os, Architecture: arch, Variant: variant, RootFS: v1.RootFS{Type: "layers"}})
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func indexFor(t testing.TB, platforms ...v1.Platform) v1.ImageIndex {
	t.Helper()
	index := v1.ImageIndex(empty.Index)
	for _, p := range platforms {
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: imageFor(t, p.OS, p.Architecture, p.Variant), Descriptor: v1.Descriptor{Platform: &p}})
	}
	return index
}

// tokenServer signs tokens that a distribution registry trusts. It gives them to who knows the password; to all when there is none.
type tokenServer struct {
	visits   visits
	password string
}

const issuer, service = "the test", "registry of the test"

// configure makes a registry ask for this server's tokens.
func (s *tokenServer) configure(t testing.TB, realm string) func(*configuration.Configuration) {
	t.Helper()
	certificate, _ := identity()
	bundle := filepath.Join(t.TempDir(), "roots.pem")
	if err := os.WriteFile(bundle, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(c *configuration.Configuration) {
		c.Auth = configuration.Auth{"token": configuration.Parameters{"realm": realm, "service": service, "issuer": issuer, "rootcertbundle": bundle}}
	}
}

func (s *tokenServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.visits.keep(r)
	if _, password, _ := r.BasicAuth(); password != s.password {
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `{"errors":[{"code":"DENIED","message":"Permission \"artifactregistry.repositories.downloadArtifacts\" denied"}]}`)
		return
	}
	var access []token.ResourceActions
	for _, scope := range r.URL.Query()["scope"] {
		if part := strings.Split(scope, ":"); len(part) == 3 {
			access = append(access, token.ResourceActions{Type: part[0], Name: part[1], Actions: strings.Split(part[2], ",")})
		}
	}
	signed, err := sign(map[string]any{
		"iss": issuer, "aud": service, "sub": "", "jti": "1", "access": access,
		"iat": time.Now().Unix(), "nbf": time.Now().Add(-time.Minute).Unix(), "exp": time.Now().Add(time.Hour).Unix(),
	})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"token": signed})
}

// sign makes a JSON web token with the key of the servers.
func sign(claims map[string]any) (string, error) {
	certificate, _ := identity()
	key := certificate.PrivateKey.(*ecdsa.PrivateKey)
	head, err := json.Marshal(map[string]string{"alg": "ES256", "typ": "JWT", "kid": token.GetJWKThumbprint(&key.PublicKey)})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

// guarded is a distribution registry that wants tokens of a server at the same host.
func guardedRegistry(t testing.TB, tokens *tokenServer) (host string) {
	t.Helper()
	mux := http.NewServeMux()
	s := unstarted(mux)
	host = s.Listener.Addr().String()
	mux.Handle("/token", tokens)
	mux.Handle("/v2/", distribution(t, tokens.configure(t, "https://"+host+"/token")))
	s.StartTLS()
	t.Cleanup(s.Close)
	return host
}

// plainServer is without TLS, as an upstream inside a data centre.
func plainServer(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}
