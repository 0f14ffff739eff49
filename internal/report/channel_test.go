package report_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/egress"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// spite is what names would have to hold to be read as markup of one of the channels.
const spite = "x|y `z` ``` *b* _i_ ~~s~~ <b>&amp;</b></summary></details><!-- @org/team #12 [l](https://evil.example) www.evil.example $m$ " +
	"]]>\x00\uffff %0A::error::boo ::warning file=a,line=1:: \r\n## heading\n- [ ] task\n| a | b |"

// spiteful fills everything that comes from the input with spite, the check's name, the fix and the page too.
func spiteful() report.Report {
	c := cluster(spite, checks.ClusterFail)
	c.Project, c.Location, c.PrivateNodes = spite, spite, spite
	r := result(spite, spite, topology.Fail, checks.Error, spite)
	r.Object = checks.Object{Kind: spite, Address: spite, Name: spite, File: "./a b,c:d%\n.tf", Line: 3}
	r.CausedBy, r.Fix, r.Docs, r.Regression = spite, "name = \"````\"\n```\n"+spite, "javascript:"+spite, true
	r.Path = []egress.Hop{{Name: spite, Status: topology.Skip, Detail: spite}}
	r.Evidence = []egress.Evidence{{Object: spite, Attribute: spite, Value: spite}}
	list := []checks.Result{r, r, r, r, r}
	list[1].Status = topology.Undecided
	list[2].Suppressed = &checks.Suppression{Reason: spite, Expires: spite}
	list[3].Status, list[3].Check = topology.Skip, "internet-route"
	list[4].Severity, list[4].Cluster, list[4].Object.File = checks.Severity(spite), "", ""
	j := summarize(checks.Judgement{Clusters: []checks.Cluster{c}, Results: list, Notes: []string{spite},
		Images: []checks.Image{{Ref: spite, Normalized: spite, Cluster: spite, From: []string{spite}, Reachable: spite, Via: spite}}})
	return report.New(spite, []report.Source{{Kind: "plan", Name: spite}}, j, []report.SourceError{{Source: spite, Message: spite}})
}

// crowd has more of everything than any channel takes, its names as long as they are many.
func crowd(results int, name string) report.Report {
	var j checks.Judgement
	var errs []report.SourceError
	for i := range results {
		at := fmt.Sprintf("%s%d", name, i%500)
		if i < 500 {
			j.Clusters = append(j.Clusters, cluster(at, []checks.ClusterVerdict{checks.ClusterFail, checks.ClusterUnknown, checks.ClusterWarn}[i%3]))
			j.Notes = append(j.Notes, "note of "+at)
			errs = append(errs, report.SourceError{Source: at, Message: "403 " + at})
		}
		r := result(at, "nat-node-range", []topology.Verdict{topology.Fail, topology.Undecided, topology.Fail}[i%3],
			[]checks.Severity{checks.Error, checks.Error, checks.Warning, checks.Info}[i%4], fmt.Sprintf("subnetwork %q has no Public NAT", at))
		r.Object.Address = fmt.Sprintf("google_compute_subnetwork.%s[%d]", at, i)
		r.Fix = strings.Repeat("name = "+name+"\n", 20)
		if i%50 == 0 {
			r.Suppressed = &checks.Suppression{Reason: "agreed with " + at}
		}
		j.Results = append(j.Results, r)
		j.Images = append(j.Images, checks.Image{Ref: at, Cluster: "google_container_cluster." + at, From: []string{at}})
	}
	return report.New("0.1.0", planFile, summarize(j), errs)
}

// samples are the reports that every format must get right.
func samples() map[string]report.Report {
	return map[string]report.Report{
		"full": full(), "hostile": hostile(), "fleet": fleet(), "spiteful": spiteful(),
		"nothing": report.New("dev", nil, checks.Judgement{}, nil), "crowd": crowd(2000, "c"),
		"long names": crowd(40, strings.Repeat("é@|", 1000)),
	}
}

// What is shown to people has no character that hides or moves another, in any format.
func TestChannelsShowNoControlCharacters(t *testing.T) {
	for _, format := range report.Formats() {
		for name, r := range samples() {
			for _, c := range string(written(t, format, r, report.Options{})) {
				if c != '\n' && (c < ' ' || c == 0x7f || '\u0080' <= c && c < '\u00a0' || '\u200b' <= c && c <= '\u200f' ||
					'\u202a' <= c && c <= '\u202e' || '\u2066' <= c && c <= '\u2069' || c == '\uffff' || c == '\ufffd') {
					t.Fatalf("%s of %s shows %U", format, name, c)
				}
			}
		}
	}
}
