package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/diagnose"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/settings"
)

// completions are the words that a shell offers after a flag, for `gkepreflight completion`; where a command takes others than check does, its name
// stands before the flag. A flag that takes a file is not here: the shell offers files by itself.
var completions = map[string]func() []string{
	"only":            checkNames,
	"skip":            checkNames,
	"severity":        severities,
	"format":          report.Formats,
	"diagnose format": diagnose.Formats,
	"internet":        func() []string { return settings.Internets },
	"mirror":          func() []string { return settings.Mirrors },
	"fail-on":         func() []string { return settings.FailOns },
	// Nothing that lies on the disk is a project, a place, a cluster or an image.
	"project": none, "location": none, "cluster": none, "image": none,
}

func none() []string { return nil }

// severities are what --severity takes, check by check.
func severities() []string {
	var words []string
	for _, name := range checkNames() {
		for _, level := range settings.Levels {
			words = append(words, name+"="+level)
		}
	}
	return words
}

// complete lets a shell complete the values of the flags of a command and of those below it.
func complete(cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		words, found := completions[cmd.Name()+" "+f.Name]
		if !found {
			words, found = completions[f.Name]
		}
		if !found {
			return
		}
		// The one error says that the flag is not there, or is completed already.
		_ = cmd.RegisterFlagCompletionFunc(f.Name, func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return continued(words(), typed), cobra.ShellCompDirectiveNoFileComp
		})
	})
	for _, sub := range cmd.Commands() {
		complete(sub)
	}
}

// continued are the words that go on from what was typed; of a list with commas the last one is.
func continued(words []string, typed string) []string {
	head := typed[:strings.LastIndex(typed, ",")+1]
	var out []string
	for _, word := range words {
		if strings.HasPrefix(head+word, typed) {
			out = append(out, head+word)
		}
	}
	return out
}
