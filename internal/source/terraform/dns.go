package terraform

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func (w *world) readZone(in *instance, f *topology.Facts) {
	if v, known := asString(w.settled(in, "visibility")); !known || v != "private" {
		return
	}
	z := &topology.Zone{Object: w.object(in), DNSName: dotted(stringOf(attribute(in.value, "dns_name"), in.from("dns_name")))}
	z.Networks, z.NetworksTold = w.networkList(in, "private_visibility_config", "networks")
	if peering, told := elements(w.settled(in, "peering_config")); !told || len(peering) > 0 {
		list, _ := w.networkList(in, "peering_config", "target_network")
		peer := topology.Unknown[topology.ID](topology.KnownAfterApply, in.from("peering_config"))
		if len(list) == 1 {
			peer = list[0]
		}
		z.PeerNetwork = &peer
	}
	// What Service Directory answers is not in the zone either.
	for _, attr := range []string{"forwarding_config", "service_directory_config"} {
		if elsewhere, told := elements(w.settled(in, attr)); !told || len(elsewhere) > 0 {
			z.Forwarding = true
		}
	}
	f.Zones = append(f.Zones, z)
}

func dotted(v topology.Value[string]) topology.Value[string] {
	s, known := v.Get()
	if !known || strings.HasSuffix(s, ".") {
		return v
	}
	d := topology.Known(s+".", v.Origin)
	d.Assumed, d.Inferred = v.Assumed, v.Inferred
	return d
}

// networkList reads blocks that each name a network, nested below others.
func (w *world) networkList(in *instance, path ...string) ([]topology.Value[topology.ID], bool) {
	const attr = "network_url"
	list, told := elements(w.settled(in, path...))
	if !told {
		return nil, false
	}
	var written []map[string]expression
	if in.config != nil {
		e := in.config.attributes[path[0]]
		for _, p := range path[1:] {
			if len(e.blocks) == 0 {
				break
			}
			e = e.blocks[0][p]
		}
		written = e.blocks
	}
	var out []topology.Value[topology.ID]
	next := 0
	for i, v := range list {
		from := in.from(fmt.Sprintf("%s[%d].%s", strings.Join(path, "."), i, attr))
		t, ok := w.joinValue(in, attribute(v, attr), "google_compute_network")
		if !ok && next < len(written) {
			// Elements that are unknown alike may be paired with blocks in any order.
			t = w.choose(w.resolve(written[next][attr].references, w.ask(in, "google_compute_network")), nil)
			next++
		} else if !ok && w.handed {
			t = w.soleCandidate(in, "google_compute_network", nil)
		} else if !ok {
			t = w.choose(w.reachable(in, "google_compute_network"), nil)
			t.inferred = true
		}
		out = append(out, t.fact(from))
	}
	return out, true
}

func (w *world) readRecordSet(in *instance, f *topology.Facts) {
	if in.data {
		return
	}
	r := &topology.RecordSet{Object: w.object(in), DNS: dotted(stringOf(attribute(in.value, "name"), in.from("name")))}
	zone := w.join(in, []string{"managed_zone"}, "google_dns_managed_zone", nil)
	r.Zone = zone.fact(in.from("managed_zone"))
	r.Type = stringOf(attribute(in.value, "type"), in.from("type"))
	r.Data = stringsOf(attribute(in.value, "rrdatas"), in.from("rrdatas"))
	if policy, told := elements(w.settled(in, "routing_policy")); told && len(policy) > 0 {
		r.Data = topology.Unknown[[]string]("a routing policy chooses the answer", in.from("routing_policy"))
	} else if !r.Data.Known() {
		for _, a := range w.resolveAttribute(in, []string{"rrdatas"}, "google_compute_global_address").instances {
			r.AddressIDs = append(r.AddressIDs, w.identify(a).id)
		}
		data, _ := elements(attribute(in.value, "rrdatas"))
		for _, v := range append(data, attribute(in.value, "rrdatas")) {
			for _, a := range instanceMarks(v) {
				if id := w.identify(a).id; !slices.Contains(r.AddressIDs, id) {
					r.AddressIDs = append(r.AddressIDs, id)
				}
			}
		}
	}
	if zone.instance != nil {
		if v, known := asString(w.settled(zone.instance, "visibility")); !known || v != "private" {
			return // records of a public zone override nothing
		}
	}
	f.RecordSets = append(f.RecordSets, r)
}

func (w *world) readResponseRule(in *instance, f *topology.Facts) {
	r := &topology.ResponseRule{Object: w.object(in), DNS: dotted(stringOf(attribute(in.value, "dns_name"), in.from("dns_name")))}
	r.Name = shown(attribute(in.value, "rule_name"))
	policy := w.join(in, []string{"response_policy"}, "google_dns_response_policy", nil)
	if policy.instance != nil {
		r.Networks, r.NetworksTold = w.networkList(policy.instance, "networks")
	}
	behavior, _ := asString(w.settled(in, "behavior"))
	r.Bypass = strings.EqualFold(behavior, "bypassResponsePolicy")
	data, told := elements(w.settled(in, "local_data", "local_datas"))
	r.Data = topology.Known([]string{}, in.from("local_data"))
	for _, d := range data {
		typ, known := asString(attribute(d, "type"))
		told = told && known
		if typ == "A" || typ == "CNAME" {
			r.Type = typ
			r.Data = stringsOf(attribute(d, "rrdatas"), in.from("local_data"))
		}
	}
	if !told && r.Type == "" {
		r.Data = topology.Unknown[[]string](topology.KnownAfterApply, in.from("local_data"))
	}
	f.Responses = append(f.Responses, r)
}

func (w *world) readDNSPolicy(in *instance, f *topology.Facts) {
	servers, told := elements(w.settled(in, "alternative_name_server_config"))
	if told && len(servers) == 0 {
		return
	}
	p := &topology.NameServers{Object: w.object(in)}
	p.Networks, p.NetworksTold = w.networkList(in, "networks")
	f.NameServers = append(f.NameServers, p)
}
