package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

func newCheck(std streams) *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the clusters of a Terraform plan, a state or an asset export",
		Long: `Check whether the private nodes of the clusters in a Terraform plan, a state or an
export of Cloud Asset Inventory can pull their images. Sources combine: give the state
of the network, or an export, where another configuration manages it. Of the same
object an export wins over a state, --live over both, and a plan over all. Flags that
name a check, a format or a file may be repeated. The report is text unless --format
says otherwise.

An export (--assets) is what gcloud asset export writes with --content-type=resource,
and with --content-type=iam-policy: the first tells of networks and clusters, the
second of rights. What no line of it names was not exported, and is not taken for
missing.

Settings of a repository are read from .gkepreflight.yaml; flags win over them, and
--policy, the settings of a platform team, over both.

With --live Google Cloud is read: the clusters of --project, and the networks, names and
rights that decide about the clusters of every source. Credentials are found as the
google provider finds them. The registries of the images are asked, too, Google's with
these credentials, the others without any. Without --live no network connection is made.

Exit status: 0 nothing counted, 1 the tool could not do its work, 2 findings at or
above --fail-on, 3 only undecided ones under --strict.`,
		Example: `  terraform show -json tfplan | gkepreflight check --plan -
  gkepreflight check --plan tfplan --state ../network/state.json
  gkepreflight check --assets resources.json --assets policies.json.gz --cluster 'prod-*'
  gkepreflight check --plan plan.json --live
  gkepreflight check --live --project shop --cluster 'prod-*'
  gkepreflight check --plan plan.json --format text --output - --format json --output report.json
  gkepreflight check --plan plan.json --baseline baseline.json --policy ../platform/policy.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("check takes no arguments: did you mean --plan %s?", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return check(cmd.Context(), f, std) },
	}
	f.register(cmd.Flags())
	return cmd
}

// check reads, judges and reports. Everything the flags can get wrong is said before anything is read.
func check(ctx context.Context, f checkFlags, std streams) error {
	targets, err := pair(listed(f.formats), f.outputs)
	if err != nil {
		return err
	}
	if err := f.spare(targets); err != nil {
		return err
	}
	a, err := unlessInterrupted(ctx, f.asked)
	if err != nil {
		return err
	}
	in, err := f.input(std.in, interactive(std.in))
	if err != nil {
		return err
	}
	google, err := f.cloud(std)
	if err != nil {
		return err
	}
	pulled, err := unlessInterrupted(ctx, func() (topology.Facts, error) { return f.pulled(std.in) })
	if err != nil {
		return err
	}
	var notes []string
	var unread []report.SourceError
	in.Existing = f.exported(google.existing(pulled.Images), std, &unread)
	reading, err := unlessInterrupted(ctx, func() (terraform.Reading, error) { return terraform.Read(ctx, in) })
	if err != nil {
		return err
	}
	reading.After = topology.Lay(reading.After, pulled, nil)
	if f.asks(a.policy) {
		answers, said, err := f.answers(ctx, reading.After, google.client.Token, std)
		if err != nil {
			return err
		}
		notes = append(notes, said...)
		reading.After = topology.Lay(reading.After, answers, nil)
	}
	// Where nothing changes there is nothing to compare with.
	var before *topology.Topology
	if reading.Changed {
		before = topology.New(reading.Before)
	}
	a.policy.Today = today()
	judgement, err := unlessInterrupted(ctx, func() (checks.Judgement, error) {
		return checks.Judge(topology.New(reading.After), before, a.policy), nil
	})
	if err != nil {
		return err
	}
	judgement.Notes = append(judgement.Notes, notes...)
	a.tell(&judgement, targets, std.err)
	if len(judgement.Clusters) == 0 && len(reading.After.Clusters) > 0 && f.chooses() {
		complain(std.err, "no cluster that was read matches "+f.choice())
	}
	var sources []report.Source
	for _, s := range reading.Sources {
		sources = append(sources, report.Source{Kind: s.Kind, Name: s.Name})
	}
	sources = slices.Concat(sources, f.assetSources(), google.sources())
	for _, ref := range f.images {
		sources = append(sources, report.Source{Kind: "image", Name: ref})
	}
	for _, path := range f.manifests {
		sources = append(sources, report.Source{Kind: "manifests", Name: path})
	}
	if f.asks(a.policy) {
		sources = append(sources, report.Source{Kind: "live", Name: "registries"})
	}
	unread = append(unread, google.errors()...)
	r := report.New(toolVersion(), sources, judgement, unread)
	r.Root = rootFolder(f.configDir, f.plans)
	written := writeAll(targets, r, std)
	if err := errors.Join(written, f.keep(judgement.Results, a.rules, std)); err != nil {
		return err
	}
	if code := exitCode(judgement.Results, a.failOn, a.strict); code != 0 {
		return status(code)
	}
	if a.strict && len(unread) > 0 {
		return status(onlyUndecided)
	}
	return nil
}
