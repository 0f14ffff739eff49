package registry

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// names answers like a name server: each question for an IPv4 address with the next of a list, the last one for ever.
type names struct {
	mu   sync.Mutex
	list []netip.Addr
}

func (n *names) next() netip.Addr {
	n.mu.Lock()
	defer n.mu.Unlock()
	a := n.list[0]
	if len(n.list) > 1 {
		n.list = n.list[1:]
	}
	return a
}

// resolver asks the names over a pipe, with the length before each message that DNS has on streams.
func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		go n.serve(far)
		return near, nil
	}}
}

func (n *names) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	for {
		var length [2]byte
		if _, err := io.ReadFull(c, length[:]); err != nil {
			return
		}
		q := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(c, q); err != nil {
			return
		}
		if _, err := c.Write(n.answer(q)); err != nil {
			return
		}
	}
}

// answer repeats the question and adds an address to one of type A (RFC 1035, 4.1).
func (n *names) answer(q []byte) []byte {
	end := 12
	for q[end] != 0 {
		end += int(q[end]) + 1
	}
	kind := binary.BigEndian.Uint16(q[end+1:])
	out := append([]byte{q[0], q[1], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}, q[12:end+5]...)
	if kind == 1 {
		out[7] = 1
		a := n.next().As4()
		out = append(out, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4)
		out = append(out, a[:]...)
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...)
}

// A name that is public when it is first resolved and loopback when it is resolved again is refused at the second dial. The first goes
// nowhere: the test stops it where the guard had let it pass.
func TestRebinding(t *testing.T) {
	var v visits
	host := serve(t, watched(&v, func(w http.ResponseWriter, _ *http.Request) { content(w, ociIndex, indexOf("linux/amd64")) }))
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		t.Fatal(err)
	}
	n := &names{list: []netip.Addr{netip.MustParseAddr("142.250.1.82"), netip.MustParseAddr("127.0.0.1")}}
	d := newDialer(false)
	d.Resolver = n.resolver()
	guard := d.Control
	var passed atomic.Int32
	d.Control = func(network, address string, c syscall.RawConn) error {
		if err := guard(network, address, c); err != nil {
			return err
		}
		passed.Add(1)
		return syscall.ECONNREFUSED
	}
	tr := newTransport(d, false)
	_, tr.TLSClientConfig.RootCAs = identity()
	c := New(Options{Transport: tr})
	c.wire.wait = (&clock{}).wait
	a := c.Ask(t.Context(), []string{"rebound.example.com:" + port + "/app:1"})["rebound.example.com:"+port+"/app:1"]
	if a.Served != Unknown || a.Why != "refused: loopback address 127.0.0.1" {
		t.Errorf("got %+v", a)
	}
	if passed.Load() != 1 || len(v.all()) != 0 {
		t.Errorf("%d dials passed, %d requests came", passed.Load(), len(v.all()))
	}
}

// The transport that is used when none is given refuses before it connects, whatever the name.
func TestGuardedByDefault(t *testing.T) {
	var v visits
	host := serve(t, watched(&v, func(http.ResponseWriter, *http.Request) {}))
	_, port, err := net.SplitHostPort(host)
	if err != nil {
		t.Fatal(err)
	}
	c := New(Options{})
	for ref, why := range map[string]string{
		host + "/app:1":                 "refused: loopback address 127.0.0.1",
		"[::1]:" + port + "/app:1":      "refused: loopback address ::1",
		"169.254.169.254/app:1":         "refused: link-local address 169.254.169.254",
		"10.0.0.1:5000/app:1":           "refused: private address 10.0.0.1",
		"[::ffff:a00:1]:5000/app:1":     "refused: private address ::ffff:10.0.0.1",
		"[64:ff9b::a9fe:a9fe]/latest:1": "refused: link-local address 64:ff9b::a9fe:a9fe",
	} {
		if a := c.Ask(t.Context(), []string{ref})[ref]; a.Served != Unknown || a.Why != why {
			t.Errorf("%s: %+v", ref, a)
		}
	}
	if a := c.Ask(t.Context(), []string{"localhost:" + port + "/app:1"})["localhost:"+port+"/app:1"]; a.Served != Unknown || a.Why == "" {
		t.Errorf("localhost: %+v", a)
	}
	if len(v.all()) != 0 {
		t.Errorf("asked %v", v.all())
	}
}

// The proxy of the environment is out of the guard's sight.
func TestProxyOnlyWithPrivate(t *testing.T) {
	if newTransport(newDialer(false), false).Proxy != nil {
		t.Error("a proxy without AllowPrivate")
	}
	if newTransport(newDialer(true), true).Proxy == nil {
		t.Error("no proxy with AllowPrivate")
	}
}

func TestControlWantsAnAddress(t *testing.T) {
	var r refusal
	if err := newDialer(true).Control("tcp", "localhost:443", nil); !errors.As(err, &r) {
		t.Errorf("got %v", err)
	}
	if newDialer(true).Timeout > time.Minute {
		t.Error("a dial may take longer than anybody waits")
	}
}
