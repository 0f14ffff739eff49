package registry

import (
	"errors"
	"testing"
)

func TestPermit(t *testing.T) {
	const never, allowed, public = "never", "allowed", "public"
	for _, tc := range []struct{ address, kind, when string }{
		{"142.250.1.82", "", public},
		{"199.36.153.8", "", public}, // private.googleapis.com is announced to no one, but it is Google's
		{"172.32.0.1", "", public},
		{"100.63.255.255", "", public},
		{"2607:f8b0::1", "", public},
		{"10.0.0.1", "private", allowed},
		{"172.16.0.1", "private", allowed},
		{"192.168.1.1", "private", allowed},
		{"100.64.0.1", "private", allowed},
		{"198.18.0.1", "private", allowed},
		{"240.0.0.1", "private", allowed},
		{"fd12::1", "private", allowed},
		{"fec0::1", "private", allowed},
		{"127.0.0.1", "loopback", allowed},
		{"127.9.9.9", "loopback", allowed},
		{"::1", "loopback", allowed},
		{"169.254.169.254", "link-local", never},
		{"fe80::1%eth0", "link-local", never},
		{"fd20:ce::254", "metadata", never},
		{"fd00:ec2::254", "metadata", never},
		{"168.63.129.16", "metadata", never},
		{"100.100.100.200", "metadata", never},
		{"192.0.0.192", "metadata", never},
		{"0.0.0.0", "reserved", never},
		{"::", "reserved", never},
		{"224.0.0.1", "reserved", never},
		{"255.255.255.255", "reserved", never},
		{"ff02::1", "reserved", never},
		{"4000::1", "reserved", never},
		// IPv4 in other clothes.
		{"::ffff:10.0.0.1", "private", allowed},
		{"::ffff:169.254.169.254", "link-local", never},
		{"::127.0.0.1", "loopback", allowed},
		{"64:ff9b::a9fe:a9fe", "link-local", never},
		{"64:ff9b::8.8.8.8", "", public},
		{"64:ff9b:1::1", "private", allowed},
		{"2002:a00:1::", "private", allowed},
		{"2002:a9fe:a9fe::1", "link-local", never},
		{"2001::1", "reserved", never},
	} {
		a := mustAddr(t, tc.address)
		for _, allowPrivate := range []bool{false, true} {
			err := permit(a, allowPrivate)
			want := tc.when == public || tc.when == allowed && allowPrivate
			var r refusal
			if (err == nil) != want || err != nil && !errors.As(err, &r) {
				t.Errorf("%s, private allowed %v: %v", tc.address, allowPrivate, err)
			}
			if err != nil && err.Error() != "refused: "+tc.kind+" address "+a.String() {
				t.Errorf("%s: %v, want %s", tc.address, err, tc.kind)
			}
		}
	}
}
