package provider

import (
	"context"
	"time"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// outcome is what a gate found. The stored judgement knows no day, so that nothing computed changes by itself; exceptions that have expired
// show in the diagnostics.
type outcome struct {
	enforcement string
	stored      checks.Judgement
	today       checks.Judgement
	passed      bool
}

// judge holds the checks against facts.
func (s *settings) judge(r request) outcome {
	o := outcome{enforcement: s.enforcement, passed: true}
	if o.enforcement == enforceOff {
		return o
	}
	t := topology.New(r.facts)
	o.stored = checks.Judge(t, nil, r.policy)
	o.today = o.stored
	if len(r.policy.Ignore) > 0 {
		p := r.policy
		p.Today = time.Now().UTC().Format(time.DateOnly)
		o.today = checks.Judge(t, nil, p)
	}
	o.passed = len(blocking(o.stored.Results, r)) == 0
	return o
}

// blocking are the results that stop the plan: failures at or above the threshold, and under strict, once everything is known, what stays
// undecided.
func blocking(results []checks.Result, r request) []checks.Result {
	var out []checks.Result
	for _, x := range results {
		counts := x.Status == topology.Fail || x.Status == topology.Undecided && r.strict && r.known
		if x.Suppressed == nil && counts && reaches(x.Severity, r.failOn) {
			out = append(out, x)
		}
	}
	return out
}

func reaches(s checks.Severity, threshold string) bool {
	switch threshold {
	case "warning":
		return s != checks.Info
	case "error":
		return s == checks.Error
	}
	return false
}

func (o outcome) verdict() string {
	if o.enforcement == enforceOff || len(o.stored.Clusters) == 0 {
		return topology.Skip.String()
	}
	return string(o.stored.Clusters[0].Verdict)
}

// store lays the computed attributes over a plan or state. It does so in one step: setting them by path walks all that was handed over each time.
func (o outcome) store(ctx context.Context, raw tftypes.Value) (tftypes.Value, error) {
	results, err := listOf(o.stored.Results).ToTerraformValue(ctx)
	if err != nil {
		return raw, err
	}
	fields := map[string]tftypes.Value{}
	if err := raw.As(&fields); err != nil {
		return raw, err
	}
	fields["passed"] = tftypes.NewValue(tftypes.Bool, o.passed)
	fields["verdict"] = tftypes.NewValue(tftypes.String, o.verdict())
	fields["results"] = results
	return tftypes.NewValue(raw.Type(), fields), nil
}

// listOf is the computed attribute results.
func listOf(results []checks.Result) types.List {
	list := []attr.Value{}
	for _, r := range results {
		list = append(list, types.ObjectValueMust(resultType, map[string]attr.Value{
			"check": types.StringValue(r.Check), "status": types.StringValue(r.Status.String()), "severity": types.StringValue(string(r.Severity)),
			"message": types.StringValue(r.Message), "fix": types.StringValue(r.Fix)}))
	}
	return types.ListValueMust(types.ObjectType{AttrTypes: resultType}, list)
}
