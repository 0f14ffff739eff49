package fake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cloud.google.com/go/compute/apiv1/computepb"
	"google.golang.org/protobuf/proto"
)

// ofOneRouter are what single routers say of themselves, by the word in the files' names, and how to read it.
var ofOneRouter = map[string]struct {
	verb string
	made func() proto.Message
}{
	"routerStatus":   {"getRouterStatus", func() proto.Message { return &computepb.RouterStatusResponse{} }},
	"natIpInfo":      {"getNatIpInfo", func() proto.Message { return &computepb.NatIpInfoResponse{} }},
	"natMappingInfo": {"getNatMappingInfo", func() proto.Message { return &computepb.VmEndpointNatMappingsList{} }},
}

// single reports whether a file is of a single router: such are read after the lists.
func single(file string) bool {
	said, _, _ := strings.Cut(strings.TrimPrefix(file, "compute-routers-"), "-")
	_, found := ofOneRouter[said]
	return found
}

// routers reads the routers of a region, "europe-west4", or what one router said of itself, "routerStatus-ROUTER".
func (r *recording) routers(kind string, text []byte) error {
	at := "GET /compute/v1/projects/" + r.ID + "/regions/"
	said, router, _ := strings.Cut(kind, "-")
	if one, found := ofOneRouter[said]; found {
		region, err := r.regionOf(router)
		if err != nil {
			return err
		}
		return r.keep(at+region+"/routers/"+strings.ReplaceAll(router, "_", "-")+"/"+one.verb, text, one.made())
	}
	all := &computepb.RouterList{}
	if err := r.keep(at+kind+"/routers", text, all); err != nil {
		return err
	}
	for _, router := range all.GetItems() {
		r.Routers = append(r.Routers, Router{Router: router})
	}
	return nil
}

// regionOf is the region of the router that a file is named for. Where two regions have a router of the same name, the name is written with
// underscores for the one in the later region.
func (r *recording) regionOf(written string) (string, error) {
	found := map[string]bool{}
	for _, known := range r.Routers {
		if known.GetName() == strings.ReplaceAll(written, "_", "-") {
			found[last(known.GetRegion())] = true
		}
	}
	regions := slices.Sorted(maps.Keys(found))
	switch {
	case len(regions) == 0:
		return "", fmt.Errorf("router %s is in no recorded list", written)
	case strings.Contains(written, "_"):
		return regions[len(regions)-1], nil
	}
	return regions[0], nil
}

// imply adds the networks that were not recorded and that something recorded is in.
func (r *recording) imply() {
	links := map[string]bool{}
	for _, s := range r.Subnetworks {
		links[s.GetNetwork()] = true
	}
	for _, route := range r.Routes {
		links[route.GetNetwork()] = true
	}
	for _, router := range r.Routers {
		links[router.GetNetwork()] = true
	}
	for _, link := range slices.Sorted(maps.Keys(links)) {
		r.Networks = append(r.Networks, &computepb.Network{Name: proto.String(last(link)), SelfLink: proto.String(link)})
	}
}
