package runtask

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func TestNewRefuses(t *testing.T) {
	for want, change := range map[string]func(*Options){
		"":                                 func(*Options) {},
		"there is no HMAC key":             func(o *Options) { o.Keys = nil },
		"an HMAC key is empty":             func(o *Options) { o.Keys = append(o.Keys, nil) },
		"what results are worth":           func(o *Options) { o.Exit = nil },
		"the queue and the workers":        func(o *Options) { o.Queue = 0 },
		"the workers have to be":           func(o *Options) { o.Workers = -1 },
		"the size of a plan":               func(o *Options) { o.MaxPlan = 0 },
		"at most 55 minutes":               func(o *Options) { o.Timeout = time.Hour },
		"the time of a task has to be":     func(o *Options) { o.Timeout = 0 },
		"the grace":                        func(o *Options) { o.Grace = -1 },
		"no host is allowed":               func(o *Options) { o.Hosts = nil },
		`host "*.example.com": expected a`: func(o *Options) { o.Hosts = []string{"*.example.com"} },
		`host "https://tfe": expected a`:   func(o *Options) { o.Hosts = []string{"https://tfe"} },
		`host "tfe/app": expected a`:       func(o *Options) { o.Hosts = []string{"tfe/app"} },
		`host "": expected a`:              func(o *Options) { o.Hosts = []string{""} },
		`host "user@tfe": expected a`:      func(o *Options) { o.Hosts = []string{"user@tfe"} },
	} {
		o := Options{Keys: [][]byte{[]byte("k")}, Exit: failedErrors, Queue: 1, Workers: 1, MaxPlan: 1, Timeout: time.Minute, Hosts: []string{"app.terraform.io"}}
		change(&o)
		_, err := New(o)
		if got := fmt.Sprint(err); (err != nil) != (want != "") || !strings.Contains(got, want) && want != "" {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestHosts(t *testing.T) {
	h, err := newHosts([]string{"app.terraform.io", "TFE.example.com:8443", "127.0.0.1:9"}, false)
	if err != nil {
		t.Fatal(err)
	}
	trying := h
	trying.allowHTTP = true
	trying.names = append(trying.names, "localhost")
	for address, want := range map[string][2]bool{
		"https://app.terraform.io/api":      {true, true},
		"https://APP.terraform.io:443/api":  {true, true},
		"https://app.terraform.io:444/api":  {false, false},
		"https://app.terraform.io./api":     {false, false},
		"https://app.terraform.io.evil.com": {false, false},
		"https://evil-app.terraform.io":     {false, false},
		"https://tfe.example.com:8443/":     {true, true},
		"https://tfe.example.com/":          {false, false},
		"http://app.terraform.io/api":       {false, false},
		"http://127.0.0.1:9/":               {false, true},
		"http://127.0.0.1:10/":              {false, false},
		"http://localhost/":                 {false, false},
		"https:app.terraform.io":            {false, false},
		"//app.terraform.io":                {false, false},
	} {
		for i, hosts := range []hosts{h, trying} {
			if _, err := hosts.address("url", address); (err == nil) != want[i] {
				t.Errorf("%s, plain HTTP allowed %v: %v", address, hosts.allowHTTP, err)
			}
		}
	}
}

// A plan with more findings than a page shows, of any length, stays below what the platform takes, and says what is missing.
func TestOutcomesAreBounded(t *testing.T) {
	var j checks.Judgement
	for i := range 300 {
		name := fmt.Sprintf("google_container_cluster.c[%d]", i)
		j.Clusters = append(j.Clusters, checks.Cluster{Address: name, Name: name, Verdict: checks.ClusterFail})
		j.Results = append(j.Results, checks.Result{Check: "nat-node-range", Status: topology.Fail, Severity: checks.Error, Cluster: name,
			Message: strings.Repeat("very long ", 100*(i%30)), Docs: "ftp://elsewhere"})
	}
	j.Notes = []string{strings.Repeat("note ", 10000), "two\nlines"}
	list := outcomes(report.New("0.0.0", nil, j, nil), failedErrors)
	size, hidden := 0, 0
	for _, o := range list {
		if strings.Contains(o.Attributes.Body, "too long to be shown here") {
			hidden++
		}
		size += len(o.Attributes.Body) + len(o.Attributes.Description)
		if o.Attributes.URL != "" {
			t.Errorf("%s leads to %s", o.Attributes.ID, o.Attributes.URL)
		}
	}
	if len(list) != mostOutcomes+2 || size > 1<<20 {
		t.Errorf("%d outcomes of %d bytes", len(list), size)
	}
	if more := list[mostOutcomes].Attributes; more.Description != "250 more findings are not shown one by one" || !strings.HasSuffix(more.Body, "…\n") {
		t.Errorf("what is left out: %q", more.Description)
	}
	if hidden == 0 || hidden == mostOutcomes {
		t.Errorf("%d findings are too long", hidden)
	}
}
