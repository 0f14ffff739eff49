package registry

import (
	"errors"
	"net/http"
)

// Transport is the guarded transport that registries are asked with, for others whose addresses come from outside as well: it connects to public
// addresses alone, unless private ones are allowed, and never to link-local addresses or metadata servers. The proxy of the environment is used only
// where private addresses are allowed (see Options.AllowPrivate).
func Transport(allowPrivate bool) *http.Transport {
	return newTransport(newDialer(allowPrivate), allowPrivate)
}

// Refused says whether an error is a refusal of the guard: to ask again would be refused again.
func Refused(err error) bool {
	var r refusal
	return errors.As(err, &r)
}
