// Command server is a Google Cloud of one project on this machine, for a look at live reading without an account. It runs a command with the google
// provider's custom endpoints and a token in its environment, and ends as that ends; without a command it says what to set, and serves until it is
// interrupted.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/fake"
)

// token is shown to this server alone, which takes any.
const token = "demo"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := serve(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// serve is the exit status of the command; 1 where it could not be run.
func serve(ctx context.Context, command []string, stdout, stderr io.Writer) int {
	s, err := fake.Start(world())
	if err != nil {
		fmt.Fprintln(stderr, "demo:", err)
		return 1
	}
	defer func() {
		if err := s.Close(); err != nil {
			fmt.Fprintln(stderr, "demo:", err)
		}
	}()
	if len(command) == 0 {
		for _, setting := range s.Environment(token) {
			fmt.Fprintln(stdout, "export "+setting)
		}
		<-ctx.Done()
		return 0
	}
	run := exec.CommandContext(ctx, command[0], command[1:]...) //nolint:gosec // the caller names their own command
	run.Env = append(os.Environ(), s.Environment(token)...)
	run.Stdin, run.Stdout, run.Stderr = os.Stdin, stdout, stderr
	if err := run.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return exit.ExitCode()
		}
		fmt.Fprintln(stderr, "demo:", err)
		return 1
	}
	return 0
}
