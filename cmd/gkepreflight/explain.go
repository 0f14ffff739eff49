package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

func newExplain(std streams) *cobra.Command {
	var permissions bool
	cmd := &cobra.Command{
		Use:   "explain [CHECK]",
		Short: "Say what a check is, why it matters and how to fix it",
		Long: `Say what a check is, why it matters and how to fix it. Without a name, list all checks.

--permissions prints the least role that reading live needs, for that check or for all.`,
		Example: `  gkepreflight explain
  gkepreflight explain nat-node-range
  gkepreflight explain --permissions > role.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return fmt.Errorf("explain takes one check at a time: got %s", strings.Join(args, ", "))
			}
			return nil
		},
		ValidArgs: checkNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			list := checks.All()
			if len(args) == 1 {
				c, ok := checks.Find(args[0])
				if !ok {
					return unknown("check", args[0], checkNames())
				}
				list = []checks.Check{c}
			}
			o := screen(std.out, std.env)
			switch {
			case permissions:
				return report.Role(std.out, list)
			case len(args) == 1:
				return report.Explain(std.out, list[0], checks.DocsBase+list[0].Name, o)
			}
			return report.Catalogue(std.out, list, o)
		},
	}
	cmd.Flags().BoolVar(&permissions, "permissions", false, "print the least role, for gcloud iam roles create --file")
	return cmd
}

func checkNames() []string {
	all := checks.All()
	names := make([]string, len(all))
	for i, c := range all {
		names[i] = c.Name
	}
	return names
}
