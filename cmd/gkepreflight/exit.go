package main

import (
	"fmt"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// The exit statuses that pipelines branch on.
const (
	toolFailed    = 1
	found         = 2
	onlyUndecided = 3
)

// status ends the program with a status that is no error of the tool: the report has said it all.
type status int

func (s status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// exitCode says what results are worth. A result that follows from another's cause counts like any other; one under an
// exception does not.
func exitCode(results []checks.Result, failOn string, strict bool) int {
	code := 0
	for _, r := range results {
		if r.Suppressed != nil || !counts(r.Severity, failOn) {
			continue
		}
		switch {
		case r.Status == topology.Fail:
			return found
		case r.Status == topology.Undecided && strict:
			code = onlyUndecided
		}
	}
	return code
}

func counts(s checks.Severity, failOn string) bool {
	switch failOn {
	case "error":
		return s == checks.Error
	case "warning":
		return s == checks.Error || s == checks.Warning
	}
	return false
}
