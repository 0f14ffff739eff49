package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/diagnose"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/terraform"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// diagnoseFlags are the flags of diagnose: those of check that say what the network is, and one format.
type diagnoseFlags struct {
	checkFlags
	format, output string
}

func newDiagnose(std streams) *cobra.Command {
	var f diagnoseFlags
	cmd := &cobra.Command{
		Use:   "diagnose [FILE|-]",
		Short: "Name the cause of failed image pulls, and the fix",
		Long: `Name the cause and the fix of every failed image pull in pods and events, as kubectl
prints them: JSON (nodes in it tell which containerd wrote a message) or the text of
kubectl describe pod and kubectl get events. With a plan or a state beside them, say
whether the network explains it. Nothing is asked over the network.

Exit status: 0 no failed pull, 1 the tool could not do its work, 2 failed pulls were found.`,
		Example: `  kubectl get pods,events,nodes -A -o json | gkepreflight diagnose
  kubectl describe pod web-0 | gkepreflight diagnose
  gkepreflight diagnose pods.json --plan plan.json --cluster prod`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("diagnose reads one file at a time: got %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runDiagnose(cmd.Context(), f, args, std) },
	}
	f.register(cmd.Flags())
	return cmd
}

func (f *diagnoseFlags) register(set *pflag.FlagSet) {
	set.SortFlags = false
	set.StringArrayVar(&f.plans, "plan", nil, "`FILE` from terraform show -json, or a saved plan: the network of the pods")
	set.StringArrayVar(&f.states, "state", nil, "`FILE` from terraform show -json of a state")
	set.StringVar(&f.configDir, "config-dir", "", "`DIR` of the configuration behind a JSON plan, or its saved plan file")
	set.StringVar(&f.terraform, "terraform", "", "`PATH` of the terraform or tofu that reads saved plans")
	set.StringVar(&f.cluster, "cluster", "", "only the cluster whose name or address matches `GLOB`")
	set.StringVar(&f.format, "format", "text", "`FORMAT` of the diagnosis: json, text")
	set.StringVar(&f.output, "output", "", "`FILE` for the diagnosis (default standard output)")
}

// check says what is wrong with the flags before anything is read, and gives the name of the input.
func (f *diagnoseFlags) check(args []string, typed bool) (string, error) {
	name := "-"
	if len(args) == 1 {
		name = args[0]
	}
	if err := oneOf("format", f.format, diagnose.Formats()); err != nil {
		return "", err
	}
	network := len(f.plans)+len(f.states) > 0
	switch {
	case name == "":
		return "", errors.New("the name of the file is empty")
	case name == "-" && slices.Contains(slices.Concat(f.plans, f.states), "-"):
		return "", errors.New("- is given twice: standard input holds either the pods or the plan")
	case name == "-" && typed:
		return "", errors.New("nothing to diagnose: give a file, or pipe pods and events: kubectl get pods,events -o json | gkepreflight diagnose")
	case sameFile(f.output, name):
		return "", fmt.Errorf("--output %s would overwrite %s, which is read", f.output, name)
	case !network && f.cluster != "":
		return "", errors.New("--cluster chooses a cluster of a plan or state: give one with --plan or --state")
	case !network && f.configDir != "":
		return "", errors.New("--config-dir is the configuration behind a plan: give the plan with --plan")
	}
	return name, nil
}

func runDiagnose(ctx context.Context, f diagnoseFlags, args []string, std streams) error {
	name, err := f.check(args, interactive(std.in))
	if err != nil {
		return err
	}
	reading, err := unlessInterrupted(ctx, func() (*diagnose.Reading, error) { return readPods(name, std.in) })
	if err != nil {
		return err
	}
	d := diagnose.Diagnose(reading)
	if len(f.plans)+len(f.states) > 0 {
		now, planned, err := f.network(ctx, std)
		if err != nil {
			return err
		}
		d.Explain(now, planned)
	}
	if err := f.write(d, std); err != nil {
		return err
	}
	if d.Failed() {
		return status(found)
	}
	return nil
}

func readPods(name string, stdin io.Reader) (*diagnose.Reading, error) {
	if name == "-" {
		return diagnose.Read(name, stdin)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, cause(err))
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s: is a directory: expected a file with the output of `kubectl get pods,events -o json`", name)
	}
	return diagnose.Read(name, file)
}

// network judges the clusters of the plans and states, as they are and as they will be. A pull was asked for, so the nodes must reach the internet
// whatever else is pulled.
func (f *diagnoseFlags) network(ctx context.Context, std streams) (now, planned checks.Judgement, err error) {
	in, err := f.input(std.in, interactive(std.in))
	if err != nil {
		return now, planned, err
	}
	reading, err := unlessInterrupted(ctx, func() (terraform.Reading, error) { return terraform.Read(ctx, in) })
	if err != nil {
		return now, planned, err
	}
	policy := checks.Policy{Internet: "required", Cluster: f.cluster}
	planned = checks.Judge(topology.New(reading.After), nil, policy)
	if reading.Changed {
		now = checks.Judge(topology.New(reading.Before), nil, policy)
	}
	if len(now.Clusters)+len(planned.Clusters) == 0 && len(reading.After.Clusters) > 0 && f.chooses() {
		complain(std.err, "no cluster that was read matches "+f.choice())
	}
	return now, planned, nil
}

func (f *diagnoseFlags) write(d diagnose.Diagnosis, std streams) error {
	if f.output == "" || f.output == "-" {
		return diagnose.Write(std.out, f.format, toolVersion(), d, screen(std.out, std.env))
	}
	err := replace(f.output, func(w io.Writer) error { return diagnose.Write(w, f.format, toolVersion(), d, report.Options{}) })
	if err != nil {
		return fmt.Errorf("--output %s: %w", f.output, cause(err))
	}
	return nil
}
