package registry

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestTransportGuards(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	for name, tc := range map[string]struct {
		address      string
		allowPrivate bool
		refused      bool
	}{
		"loopback":                    {server.URL, false, true},
		"loopback, allowed":           {server.URL, true, false},
		"metadata server, allowed":    {"http://169.254.169.254/", true, true},
		"private address":             {"http://10.0.0.1/", false, true},
		"private address in disguise": {"http://[::ffff:10.0.0.1]/", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			client := &http.Client{Transport: Transport(tc.allowPrivate)}
			defer client.CloseIdleConnections()
			resp, err := client.Get(tc.address)
			if err == nil {
				_ = resp.Body.Close()
			}
			if (err != nil) != tc.refused || Refused(err) != tc.refused {
				t.Errorf("refused %v, want %v: %v", Refused(err), tc.refused, err)
			}
		})
	}
	if Refused(nil) || Refused(errors.New("refused: no")) || Refused(io.EOF) {
		t.Error("an error of another kind counts as a refusal")
	}
}
