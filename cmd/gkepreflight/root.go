package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// streams are the program's ends, so that tests can hold them.
type streams struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
}

// run executes the command line and gives the exit status.
func run(ctx context.Context, args []string, std streams) int {
	root := newRoot(std) //nolint:contextcheck // commands take their context from cobra
	root.SetArgs(args)
	root.SetIn(std.in)
	root.SetOut(std.out)
	root.SetErr(std.err)
	err := root.ExecuteContext(ctx)
	var found status
	switch {
	case err == nil:
		return 0
	case errors.As(err, &found):
		return int(found)
	case ctx.Err() != nil:
		err = errors.New("interrupted")
	}
	complain(std.err, err.Error())
	return toolFailed
}

// complain writes one line for people and logs: whatever file names and contents say, it stays one.
func complain(w io.Writer, message string) {
	message = strings.ReplaceAll(strings.TrimSpace(message), "\n", "; ")
	fmt.Fprintf(w, "gkepreflight: %s\n", report.Clean(message))
}

func newRoot(std streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "gkepreflight",
		Short: "Can private GKE nodes pull their images? Know before they exist.",
		Long: `gkepreflight draws the path from private GKE nodes to the registries of their images,
from a Terraform plan or state, an asset export or Google Cloud itself, and says which
hop breaks it.`,
		Example: `  terraform show -json tfplan | gkepreflight check --plan -
  gkepreflight explain nat-node-range`,
		Version:       toolVersion(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownVerb,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("gkepreflight {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(newCheck(std), newExplain(std), newDiagnose(std), newServe(std), newVersion(std))
	complete(root)
	return root
}

func unknownVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var verbs []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			verbs = append(verbs, c.Name())
		}
	}
	return unknown("command", args[0], verbs)
}

// flagError names the nearest flag; before that, the verb: its flags are unknown only because it is misspelled.
func flagError(cmd *cobra.Command, err error) error {
	if args := cmd.Flags().Args(); !cmd.HasParent() && len(args) > 0 {
		return unknownVerb(cmd, args)
	}
	var missing *pflag.NotExistError
	if !errors.As(err, &missing) || missing.GetSpecifiedShortnames() != "" {
		return err
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if near := nearest(missing.GetSpecifiedName(), names); near != "" {
		return fmt.Errorf("%w: did you mean --%s?", err, near)
	}
	return fmt.Errorf("%w: see %s --help", err, cmd.CommandPath())
}
