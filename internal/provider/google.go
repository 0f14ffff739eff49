package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report/plain"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/asset"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/live"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// wanted is what a data source asks about: a cluster of a project, or a subnetwork, and what is pulled there.
type wanted struct {
	project, location, cluster string
	region, subnetwork         string
	account                    string
	tags, pods                 []string
	images                     []string
}

func (w wanted) probe() checks.Probe {
	return checks.Probe{Project: w.project, Region: w.region, Subnetwork: w.subnetwork, Account: w.account, Tags: w.tags, PodRanges: w.pods}
}

// named takes the argument subnetwork apart. One that is not known yet is not wrong yet.
func (s *settings) named(name types.String, diags *diag.Diagnostics) (wanted, bool) {
	if name.IsUnknown() {
		return wanted{}, false
	}
	w, err := subnetworkOf(name.ValueString())
	if err != nil {
		refuse(diags, s.enforcement, path.Root("subnetwork"), "not a subnetwork", err.Error())
	}
	return w, err == nil
}

// subnetwork says which subnetwork the arguments mean, the provider's project and region standing in for what they leave out.
func (s *settings) subnetwork(name, region, project types.String, diags *diag.Diagnostics) (wanted, bool) {
	w, ok := s.named(name, diags)
	if !ok {
		return w, false
	}
	for _, a := range []struct {
		name  string
		given types.String
		part  *string
	}{{"region", region, &w.region}, {"project", project, &w.project}} {
		v := a.given.ValueString()
		if v != "" && *a.part != "" && v != *a.part {
			refuse(diags, s.enforcement, path.Root(a.name), "another "+a.name+" than the link's", fmt.Sprintf("The link of the subnetwork says %s %q, and %s is %q. Leave one of them out.", a.name, *a.part, a.name, v))
			return w, false
		}
		*a.part = cmp.Or(v, *a.part)
	}
	if w.region == "" {
		w.region, _ = s.place()
	}
	if w.region == "" {
		refuse(diags, s.enforcement, path.Root("region"), "no region", fmt.Sprintf("The region of subnetwork %q is not told: give region, a link, or the provider's region.", w.subnetwork))
		return w, false
	}
	return w, true
}

// look reads what a data source asks about. It is false where nothing can be judged, and the diagnostics say why.
func (s *settings) look(ctx context.Context, name string, at path.Path, w *wanted, timeout time.Duration, diags *diag.Diagnostics) (topology.Facts, bool) {
	if s.later != "" {
		diags.AddAttributeWarning(at, name+": nothing is decided until apply", "The provider's "+s.later+" is known after apply.")
		return topology.Facts{}, false
	}
	if s.broken != nil {
		refuse(diags, s.enforcement, at, name+": the provider's configuration cannot be used", s.broken.Error())
		return topology.Facts{}, false
	}
	if w.project == "" {
		w.project = s.google.Project
	}
	if w.project == "" {
		refuse(diags, s.enforcement, path.Root("project"), "no project", "Give project, or the provider's project or GOOGLE_PROJECT.")
		return topology.Facts{}, false
	}
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	facts, troubles, err := s.read(within, *w)
	switch {
	case ctx.Err() != nil:
		diags.AddAttributeError(at, name+": interrupted", "Google Cloud was being read when Terraform was interrupted.")
		return facts, false
	case err != nil:
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("not read within %s (timeout): %w", timeout, err)
		}
		refuse(diags, s.enforcement, at, name+": nothing could be read", err.Error())
		return facts, false
	}
	for _, trouble := range troubles {
		diags.AddAttributeWarning(at, name+": not everything could be read", trouble)
	}
	return facts, true
}

// around reads what is asked about a subnetwork and puts nodes into it. It is false where nothing can be judged; then ruling and diagnostics say so.
func (s *settings) around(ctx context.Context, name string, w *wanted, m *ruling, r *request, timeout time.Duration, diags *diag.Diagnostics) (checks.Probe, bool) {
	at := path.Root("subnetwork")
	facts, ok := s.look(ctx, name, at, w, timeout, diags)
	if !ok {
		m.undecided()
		return checks.Probe{}, false
	}
	probe := w.probe()
	r.facts = probe.Over(facts)
	if gone(facts, probe) {
		diags.Append(m.missing(name, s.enforcement, *r, at, fmt.Sprintf("there is no subnetwork %q in %s of project %s", w.subnetwork, w.region, w.project))...)
		return probe, false
	}
	return probe, true
}

// read asks the export, or else Google Cloud. The troubles are what could not be read, in words for people.
func (s *settings) read(ctx context.Context, w wanted) (topology.Facts, []string, error) {
	if s.assets != "" {
		return s.exported(ctx)
	}
	want := live.Want{Images: w.images}
	if w.cluster != "" {
		// Listed and not looked up, so that many data sources of one project ask once.
		want.Projects = []string{w.project}
	} else {
		want.Told = w.probe().Over(topology.Facts{})
	}
	facts, troubles, err := s.client().Read(ctx, want)
	var said []string
	for _, t := range troubles {
		said = append(said, plain.Text(t.Source+": "+t.Message))
	}
	return facts, said, err
}

// exported reads the export once for all data sources of this process. What was interrupted is read again.
func (s *settings) exported(ctx context.Context) (topology.Facts, []string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.export == nil {
		facts, notes, err := asset.Read(ctx, []string{s.assets}, asset.Options{})
		if err != nil {
			return facts, nil, err
		}
		s.export = &export{facts, notes}
	}
	return s.export.facts, s.export.notes, nil
}

type export struct {
	facts topology.Facts
	notes []string
}

// place is the region and zone that the provider stands in.
func (s *settings) place() (region, zone string) {
	region, zone = s.google.Region, s.google.Zone
	if region == "" {
		region = topology.RegionOf(zone)
	}
	return region, zone
}

// resolve reads the provider block's google arguments. What only apply knows leaves the provider undecided, not broken.
func (s *settings) resolve(ctx context.Context, get getter, diags *diag.Diagnostics) {
	var given live.Attributes
	texts := map[string]*string{"credentials": &given.Credentials, "access_token": &given.AccessToken, "impersonate_service_account": &given.ImpersonateServiceAccount,
		"project": &given.Project, "region": &given.Region, "zone": &given.Zone, "billing_project": &given.BillingProject, "request_timeout": &given.RequestTimeout,
		"request_reason": &given.RequestReason, "universe_domain": &given.UniverseDomain, "assets_file": &s.assets}
	given.Endpoints = map[string]string{}
	endpoints := make([]string, 0, len(live.EndpointAttributes()))
	for _, name := range live.EndpointAttributes() {
		endpoints = append(endpoints, name)
		texts[name] = new(string)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		var v types.String
		diags.Append(get(ctx, path.Root(name), &v)...)
		if v.IsUnknown() {
			s.later = name
		}
		*texts[name] = v.ValueString()
	}
	for _, name := range endpoints {
		given.Endpoints[name] = *texts[name]
	}
	var override types.Bool
	var delegates types.List
	diags.Append(get(ctx, path.Root("user_project_override"), &override)...)
	diags.Append(get(ctx, path.Root("impersonate_service_account_delegates"), &delegates)...)
	given.UserProjectOverride, given.ImpersonateServiceAccountDelegates = override.ValueBoolPointer(), known(delegates)
	if override.IsUnknown() || delegates.IsUnknown() {
		s.later = "configuration"
	}
	s.google, s.broken = live.Resolve(given, environment)
}

// client is the one client of this process, so that what one data source was told the others need not ask.
func (s *settings) client() *live.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asks == nil {
		s.asks = live.New(s.google)
	}
	return s.asks
}
