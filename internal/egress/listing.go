package egress

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// ranges asks whether the gateway's source ranges hold the range. NAT64 never translates IPv4 and is asked only to word a miss.
func (q question) ranges(n *topology.NAT) (topology.Verdict, string, []Evidence) {
	mode, known := n.Mode.Get()
	if !known && len(n.Entries) > 0 {
		mode, known = topology.ListOfRanges, true // only that mode takes a list
	}
	if !known {
		return topology.Undecided, "which ranges it translates is not known: " + n.Mode.Why(), nil
	}
	evidence := []Evidence{read(&n.Object, "source_subnetwork_ip_ranges_to_nat", n.Mode, mode)}
	switch mode {
	case topology.AllRanges:
		return topology.Pass, "", evidence
	case topology.AllPrimaryRanges:
		if q.rng.primary() {
			return topology.Pass, "", evidence
		}
		return topology.Fail, "translates primary ranges only", evidence
	case topology.ListOfRanges:
		v, why, listed := q.listed(n)
		return v, why, append(evidence, listed...)
	}
	return topology.Undecided, fmt.Sprintf("its mode %q is not known to this program", mode), evidence
}

// listed looks for the range in a list of subnetworks: the union over the entries.
func (q question) listed(n *topology.NAT) (topology.Verdict, string, []Evidence) {
	unsure, nearest := "", ""
	for i, entry := range n.Entries {
		same, why := q.same(n, i)
		if same == topology.Fail {
			continue
		}
		v, wants := q.options(entry)
		if full(n, entry) {
			v, wants = q.optionsOfSet(n, entry)
		}
		switch topology.All(same, v) {
		case topology.Pass:
			return topology.Pass, "", []Evidence{read(&n.Object, "subnetwork", entry.Subnetwork, nameOf(entry.Subnetwork.Or("")))}
		case topology.Undecided:
			if same == topology.Pass {
				why = wants
			}
			unsure = first(unsure, why)
		default:
			nearest = first(nearest, wants)
		}
	}
	if !n.EntriesTold {
		unsure = first(unsure, "the subnetworks it lists are not known")
	}
	switch {
	case unsure != "":
		return topology.Undecided, unsure, nil
	case nearest != "":
		return topology.Fail, nearest, nil
	}
	return topology.Fail, q.notListed(n), nil
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// same asks whether an entry is the subnetwork.
func (q question) same(n *topology.NAT, i int) (topology.Verdict, string) {
	entry := n.Entries[i]
	its, known := entry.Subnetwork.Get()
	mine, asked := q.subnetwork.Get()
	switch {
	case known && asked && its == mine:
		return topology.Pass, ""
	case known && asked:
		return topology.Fail, ""
	case !asked:
		return topology.Undecided, "the subnetwork is not known: " + q.subnetwork.Why()
	case len(entry.OneOf) > 0 && !slices.Contains(entry.OneOf, mine):
		return topology.Fail, ""
	case full(n, entry):
		return topology.Pass, ""
	}
	return topology.Undecided, "a subnetwork it lists is not known: " + entry.Subnetwork.Why()
}

// full tells whether there are as many unknown entries as subnetworks they can be: entries are a set, so each of them is listed.
func full(n *topology.NAT, entry topology.NATEntry) bool {
	return !entry.Subnetwork.Known() && len(entry.OneOf) > 0 && len(alike(n, entry)) == len(entry.OneOf)
}

func alike(n *topology.NAT, entry topology.NATEntry) []topology.NATEntry {
	var list []topology.NATEntry
	for _, other := range n.Entries {
		if !other.Subnetwork.Known() && len(other.OneOf) == len(entry.OneOf) &&
			!slices.ContainsFunc(entry.OneOf, func(id topology.ID) bool { return !slices.Contains(other.OneOf, id) }) {
			list = append(list, other)
		}
	}
	return list
}

// optionsOfSet is what all entries of a full set agree on: which of them is the subnetwork's is not known.
func (q question) optionsOfSet(n *topology.NAT, entry topology.NATEntry) (topology.Verdict, string) {
	set := alike(n, entry)
	agreed, why := q.options(set[0])
	for _, other := range set[1:] {
		if v, _ := q.options(other); v != agreed {
			return topology.Undecided, "its entries translate different ranges, and which is the subnetwork's is not known"
		}
	}
	return agreed, why
}

// options asks whether an entry's options hold the range. An empty list is the API's default, ALL_IP_RANGES.
func (q question) options(entry topology.NATEntry) (topology.Verdict, string) {
	opts, known := entry.Options.Get()
	if !known {
		return topology.Undecided, "which ranges of the subnetwork it translates is not known: " + entry.Options.Why()
	}
	if len(opts) == 0 || slices.Contains(opts, topology.EntryAllRanges) {
		return topology.Pass, ""
	}
	byName := slices.Contains(opts, topology.EntrySecondary)
	if q.rng.primary() {
		if slices.Contains(opts, topology.EntryPrimary) {
			return topology.Pass, ""
		}
		return topology.Fail, "lists only " + rangesText(entry)
	}
	if !byName {
		return topology.Fail, "lists only the primary range"
	}
	return q.byName(entry)
}

func (q question) byName(entry topology.NATEntry) (topology.Verdict, string) {
	name, named := q.rng.Name.Get()
	complete := entry.NamesTold
	for _, v := range entry.Names {
		its, known := v.Get()
		complete = complete && known
		if known && named && its == name {
			return topology.Pass, ""
		}
	}
	switch {
	case !complete:
		return topology.Undecided, "the names of the secondary ranges it lists are not all known"
	case q.rng.Created && !named:
		return topology.Fail, "lists only " + rangesText(entry) + ", not the range that GKE will create"
	case !named && len(entry.Names) > 0:
		return topology.Undecided, "the name of the range is not known: " + q.rng.Name.Why()
	}
	return topology.Fail, "lists only " + rangesText(entry)
}

// rangesText names the secondary ranges of an entry.
func rangesText(entry topology.NATEntry) string {
	var names []string
	for _, v := range entry.Names {
		if name, known := v.Get(); known {
			names = append(names, fmt.Sprintf("%q", name))
		}
	}
	before := ""
	if slices.Contains(entry.Options.Or(nil), topology.EntryPrimary) {
		before = "the primary range and "
	}
	switch len(names) {
	case 0:
		return before + "secondary ranges"
	case 1:
		return before + "secondary range " + names[0]
	}
	return before + "secondary ranges " + strings.Join(names, ", ")
}

// notListed words the miss of a gateway without an entry for the subnetwork; a namesake elsewhere deserves its own words.
func (q question) notListed(n *topology.NAT) string {
	mine, _ := q.subnetwork.Get()
	_, name := topology.SplitID(mine)
	for _, entry := range n.Entries {
		its, known := entry.Subnetwork.Get()
		if !known || name == "" || nameOf(its) != name {
			continue
		}
		if parts := strings.SplitN(string(its), "/", 4); len(parts) == 4 {
			return fmt.Sprintf("lists another subnetwork %q (project %q, %s)", name, parts[1], parts[2])
		}
	}
	if mode64, known := n.Mode64.Get(); known && mode64 != "" && len(n.Entries) == 0 {
		return "translates IPv6 only (NAT64)"
	}
	return "does not list the subnetwork"
}
