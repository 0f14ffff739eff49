package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/source/googlecloud/live"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/topology"
)

// cloud is Google Cloud as --live reads it.
type cloud struct {
	client *live.Client
	want   live.Want
	// projects are those that were read, errs what could not be.
	projects []string
	errs     []report.SourceError
	std      streams
}

// cloud is nil without --live. Credentials and projects are found as the google provider finds them; nothing is asked yet.
func (f *checkFlags) cloud(std streams) (*cloud, error) {
	if !f.live {
		return nil, nil
	}
	o, err := live.Resolve(live.Attributes{}, std.env)
	if err != nil {
		return nil, err
	}
	c := &cloud{client: live.New(o), std: std}
	c.want = live.Want{Touching: f.plans, Progress: progress(std.err, "Google Cloud answered %d of %d questions")}
	alone, pattern := len(f.plans)+len(f.states)+len(f.assets) == 0, strings.ContainsAny(f.project, "*?")
	switch {
	case f.project != "" && !pattern:
		c.want.Projects = []string{f.project}
	case !alone:
	case pattern:
		return nil, fmt.Errorf("--project %q is a pattern: --live lists the clusters of one project, so give its name", f.project)
	case o.Project == "":
		return nil, errors.New("--live has no project: give --project, or set GOOGLE_CLOUD_PROJECT")
	default:
		c.want.Projects = []string{o.Project}
	}
	return c, nil
}

// existing reads what the other sources lack; nil without --live. What could not be read is said and goes into the report, unless nothing is left that
// could be judged.
func (c *cloud) existing(images []*topology.ImageUse) existing {
	if c == nil {
		return nil
	}
	return func(ctx context.Context, told topology.Facts) (topology.Facts, error) {
		want := c.want
		want.Told = told
		for _, u := range images {
			want.Images = append(want.Images, u.Ref.Or(""))
		}
		facts, troubles, err := c.client.Read(ctx, want)
		if err != nil {
			return facts, err
		}
		for _, t := range troubles {
			c.errs = append(c.errs, report.SourceError{Source: t.Source, Message: t.Message})
		}
		if len(troubles) > 0 && len(facts.Clusters)+len(told.Clusters) == 0 {
			return facts, fmt.Errorf("no cluster could be read: %s: %s", troubles[0].Source, troubles[0].Message)
		}
		for _, t := range troubles {
			complain(c.std.err, t.Source+": "+t.Message)
		}
		for _, r := range facts.Readings {
			c.projects = append(c.projects, r.Project)
		}
		slices.Sort(c.projects)
		c.projects = slices.Compact(c.projects)
		return facts, nil
	}
}

// sources are the projects that were read.
func (c *cloud) sources() []report.Source {
	if c == nil {
		return nil
	}
	var out []report.Source
	for _, p := range c.projects {
		out = append(out, report.Source{Kind: live.Source, Name: p})
	}
	return out
}

// errors are what could not be read although something was.
func (c *cloud) errors() []report.SourceError {
	if c == nil {
		return nil
	}
	return c.errs
}

// progress counts on a terminal, in one line that is gone in the end; nil for any other place. Format takes how many of how many.
func progress(w io.Writer, format string) func(done, total int) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return func(done, total int) { fmt.Fprint(w, counted(format, done, total)) }
}

func counted(format string, done, total int) string {
	line := fmt.Sprintf(format, done, total)
	if done == total {
		return "\r" + strings.Repeat(" ", len(line)) + "\r"
	}
	return "\r" + line
}
