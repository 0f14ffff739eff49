package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/runtask"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/settings"
)

// keyVariable holds the HMAC key where no file does. There is no flag for the key itself: the list of processes would show it.
const keyVariable = "GKEPREFLIGHT_HMAC_KEY"

// serveFlags are the flags of serve: those of check that say what is asked of a plan, and how tasks are served.
type serveFlags struct {
	checkFlags
	keyFiles, hosts              []string
	allowHTTP                    bool
	listen, metricsAddress, path string
	cert, key                    string
	queue, workers               int
	maxPlan                      int64
	timeout, grace               time.Duration
	logFormat                    string
}

func newServe(std streams) *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve HCP Terraform and Terraform Enterprise as a run task",
		Long: `Serve HCP Terraform and Terraform Enterprise as a run task: take the signed webhook of a
run, read its plan, judge it as check does, and post the verdict and the findings back.
Attach the task to the stage Post-plan. Settings are read once, at the start.

The HMAC key of the run task is read from --hmac-key-file or ` + keyVariable + `.
Plans are read and results posted only at the hosts of --allow-host.

/healthz and /readyz answer beside the task path; /metrics only at --metrics-addr.
On SIGINT or SIGTERM what was taken is finished within --grace; a second signal ends at once.`,
		Example: `  gkepreflight serve --hmac-key-file /run/secrets/hmac-key
  gkepreflight serve --hmac-key-file key --allow-host tfe.example.com --policy policy.yaml`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("serve takes no arguments: got %s", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return f.serve(cmd.Context(), std) },
	}
	f.register(cmd.Flags())
	return cmd
}

func (f *serveFlags) register(set *pflag.FlagSet) {
	f.set = set
	set.SortFlags = false
	set.StringArrayVar(&f.keyFiles, "hmac-key-file", nil, "`FILE` with the HMAC key of the run task; repeatable")
	set.StringArrayVar(&f.hosts, "allow-host", []string{"app.terraform.io"}, "`HOST` of plans and results; repeatable")
	set.BoolVar(&f.allowHTTP, "allow-http", false, "plain HTTP to an allowed loopback address, for trying out")
	set.StringVar(&f.listen, "listen", ":8080", "`ADDRESS` to take webhooks at")
	set.StringVar(&f.path, "path", "/", "`PATH` to take webhooks at")
	set.StringVar(&f.cert, "tls-cert", "", "`FILE` of the certificate, with --tls-key; else plain HTTP")
	set.StringVar(&f.key, "tls-key", "", "`FILE` of the certificate's private key")
	set.StringVar(&f.metricsAddress, "metrics-addr", "", "`ADDRESS` to serve /metrics at; none by default")
	set.IntVar(&f.queue, "queue", 64, "`TASKS` that may wait; more are answered 503")
	set.IntVar(&f.workers, "workers", 4, "`TASKS` worked on at once")
	set.Int64Var(&f.maxPlan, "max-plan", 256<<20, "`BYTES` that plan JSON may have")
	set.DurationVar(&f.timeout, "timeout", 10*time.Minute, "`TIME` for one task, at most 55m")
	set.DurationVar(&f.grace, "grace", 20*time.Second, "`TIME` to finish tasks after SIGTERM")
	set.StringVar(&f.config, "config", "", "`FILE` of settings")
	set.StringVar(&f.policyFile, "policy", "", "`FILE` of a platform team's settings, which win")
	set.StringVar(&f.internet, "internet", "auto", "`REACH` nodes must have: auto, required, images")
	set.StringVar(&f.mirror, "mirror", "deny", "`RULE` for mirror-only images: deny, warn, allow")
	set.StringVar(&f.failOn, "fail-on", "error", "least `LEVEL` that fails: error, warning, never")
	set.BoolVar(&f.strict, "strict", false, "count undecided results, too")
	set.StringVar(&f.logFormat, "log-format", "text", "`FORMAT` of the log on stderr: text, json")
}

// serve says what is wrong with the flags before anything listens.
func (f *serveFlags) serve(ctx context.Context, std streams) error {
	o, err := f.options(std)
	if err != nil {
		return err
	}
	server, err := runtask.New(o)
	if err != nil {
		return err
	}
	l, err := f.listeners(ctx)
	if err != nil {
		return err
	}
	for _, note := range o.Notes {
		o.Log.Warn(note)
	}
	told := []any{"address", l.Task.Addr().String(), "path", f.path, "hosts", strings.Join(f.hosts, ","), "tls", l.TLS != nil}
	if l.Metrics != nil {
		told = append(told, "metrics", l.Metrics.Addr().String())
	}
	o.Log.Info("ready for run tasks", told...)
	return server.Serve(ctx, l)
}

func (f *serveFlags) options(std streams) (runtask.Options, error) {
	o := runtask.Options{Path: f.path, Hosts: f.hosts, AllowHTTP: f.allowHTTP, Queue: f.queue, Workers: f.workers, MaxPlan: f.maxPlan,
		Timeout: f.timeout, Grace: f.grace, Version: toolVersion()}
	if err := oneOf("value of --log-format", f.logFormat, []string{"text", "json"}); err != nil {
		return o, err
	}
	o.Log = logger(std.err, f.logFormat)
	if !strings.HasPrefix(f.path, "/") || strings.ContainsAny(f.path, "{} ?#%") {
		return o, fmt.Errorf("--path %s: expected a path as /run-task", f.path)
	}
	if f.path == "/healthz" || f.path == "/readyz" {
		return o, fmt.Errorf("--path %s: is taken", f.path)
	}
	var err error
	if o.Keys, err = f.keys(std.env); err != nil {
		return o, err
	}
	return o, f.settle(&o)
}

// settle says what is asked of every plan, by flags, configuration and policy together, as check does.
func (f *serveFlags) settle(o *runtask.Options) error {
	given, err := f.values()
	if err != nil {
		return err
	}
	for _, flag := range []string{"config", "policy"} {
		if value := f.set.Lookup(flag).Value.String(); f.set.Changed(flag) && (value == "" || value == "-") {
			return fmt.Errorf("--%s names no file", flag)
		}
	}
	var config settings.Config
	var rules settings.Policy
	if f.config != "" {
		if config, err = settings.ReadConfig(f.config); err != nil {
			return err
		}
	}
	if f.policyFile != "" {
		if rules, err = settings.ReadPolicy(f.policyFile); err != nil {
			return err
		}
	}
	v, refused := settings.Settle(given, config, rules)
	o.Policy = checks.Policy{Internet: v.Internet, Mirror: v.Mirror, Only: v.Only, Skip: v.Skip, Severities: v.Severity, HubLimit: v.HubLimit, Ignore: v.Ignore}
	o.Notes = refused
	failOn, strict := cmp.Or(v.FailOn, f.failOn), v.Strict != nil && *v.Strict
	o.Exit = func(results []checks.Result) int { return exitCode(results, failOn, strict) }
	return nil
}

// largestKey is more than any key has: whoever names another file by mistake is told so.
const largestKey = 4 << 10

// keys reads the HMAC keys. An error never shows one.
func (f *serveFlags) keys(env func(string) string) ([][]byte, error) {
	fromEnv := env(keyVariable)
	switch {
	case len(f.keyFiles) > 0 && fromEnv != "":
		return nil, fmt.Errorf("both --hmac-key-file and %s are given: give one of them", keyVariable)
	case fromEnv != "":
		return [][]byte{[]byte(fromEnv)}, nil
	case len(f.keyFiles) == 0:
		return nil, fmt.Errorf("there is no HMAC key: give --hmac-key-file FILE or %s, with the key of the run task", keyVariable)
	}
	var keys [][]byte
	for _, name := range f.keyFiles {
		key, err := readKey(name)
		if err != nil {
			return nil, fmt.Errorf("--hmac-key-file %s: %w", name, cause(err))
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func readKey(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	key, err := io.ReadAll(io.LimitReader(file, largestKey+1))
	if err != nil {
		return nil, err
	}
	// Editors end the last line, and the key has no part in that.
	key = bytes.TrimRight(key, "\r\n")
	switch {
	case len(key) == 0:
		return nil, errors.New("is empty: expected the HMAC key")
	case len(key) > largestKey:
		return nil, fmt.Errorf("is larger than %d bytes: expected the HMAC key and nothing else", largestKey)
	}
	return key, nil
}

func (f *serveFlags) listeners(ctx context.Context) (runtask.Listeners, error) {
	var l runtask.Listeners
	switch {
	case f.cert == "" != (f.key == ""):
		return l, errors.New("--tls-cert and --tls-key belong together: one of them is missing")
	case f.cert != "":
		pair, err := tls.LoadX509KeyPair(f.cert, f.key)
		if err != nil {
			return l, fmt.Errorf("--tls-cert %s: %w", f.cert, err)
		}
		l.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
	}
	var config net.ListenConfig
	var err error
	if l.Task, err = config.Listen(ctx, "tcp", f.listen); err != nil {
		return l, fmt.Errorf("--listen %s: %w", f.listen, err)
	}
	if f.metricsAddress == "" {
		return l, nil
	}
	if l.Metrics, err = config.Listen(ctx, "tcp", f.metricsAddress); err != nil {
		return l, errors.Join(fmt.Errorf("--metrics-addr %s: %w", f.metricsAddress, err), l.Task.Close())
	}
	return l, nil
}

func logger(w io.Writer, format string) *slog.Logger {
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
