// Package browser opens HTML reports in a browser and does with them what readers do.
package browser

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// screens keeps a picture of every page the tests look at, for people to look at, too.
var screens = flag.String("screens", "", "folder for screenshots")

// chromium is the one browser that all tests open tabs in; nil where there is none.
var chromium context.Context

func TestMain(m *testing.M) {
	os.Exit(func() int {
		flag.Parse()
		for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
			path, err := exec.LookPath(name)
			if err != nil {
				continue
			}
			options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
			if os.Geteuid() == 0 {
				// Chromium refuses to run as root with its sandbox, and CI jobs in containers are root.
				options = append(options, chromedp.NoSandbox)
			}
			allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
			defer stop()
			started, end := chromedp.NewContext(allocator)
			defer end()
			if err := chromedp.Do(started); err != nil {
				fmt.Fprintf(os.Stderr, "%s does not start: %v\n", path, err)
				return 1
			}
			chromium = started
			break
		}
		return m.Run()
	}())
}

// tab is one page that is open.
type tab struct {
	*testing.T
	ctx context.Context

	lock sync.Mutex
	// complaints are what the browser wrote to its console, and what the page asked of anybody.
	complaints []string
}

// open shows a report from a file, as a reader would who got it by mail.
func open(t *testing.T, r report.Report, before ...chromedp.Action[chromedp.Void]) *tab {
	t.Helper()
	if chromium == nil {
		t.Skip("no Chromium is on the path: pages are not opened")
	}
	var b bytes.Buffer
	if err := report.Write(&b, "html", r, report.Options{}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	limited, cancel := context.WithTimeout(chromium, 3*time.Minute)
	t.Cleanup(cancel)
	ctx, closeTab := chromedp.NewContext(limited)
	t.Cleanup(closeTab)
	p := &tab{T: t, ctx: ctx}
	p.do()
	if err := chromedp.Listen(ctx, func(event any) { p.hear(event, "file://"+file) }); err != nil {
		t.Fatal(err)
	}
	must(p, log.Enable, cdp.Empty{})
	must(p, network.Enable, network.EnableParams{})
	p.do(chromedp.EmulateViewport(1280, 900))
	p.do(before...)
	p.do(chromedp.Navigate("file://" + file))
	return p
}

// hear notes what a page that needs nobody and does nothing wrong never causes.
func (p *tab) hear(event any, file string) {
	said := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		said = "console: " + string(e.Type)
	case *log.EventEntryAdded:
		said = "log: " + e.Entry.Text
	case *page.EventJavascriptDialogOpening:
		said = "dialog: " + e.Message
	case *network.EventRequestWillBeSent:
		if address, _, _ := strings.Cut(e.Request.URL, "#"); address != file {
			said = "request: " + e.Request.URL
		}
	}
	if said != "" {
		p.lock.Lock()
		defer p.lock.Unlock()
		p.complaints = append(p.complaints, said)
	}
}

// quiet fails where the browser had something to say.
func (p *tab) quiet() {
	p.Helper()
	p.lock.Lock()
	defer p.lock.Unlock()
	for _, c := range p.complaints {
		p.Error(c)
	}
}

func (p *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// must sends a command of the browser's protocol.
func must[P, R any](p *tab, command cdp.Command[P, R], params P) {
	p.Helper()
	if _, err := chromedp.Call(p.ctx, command, params); err != nil {
		p.Fatal(err)
	}
}

// tell evaluates an expression in the page.
func tell[T any](p *tab, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits for the page to come to something.
func (p *tab) until(expression string) {
	p.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[chromedp.Void](expression)); err != nil {
		p.Fatalf("%s: %v; the count says %q", expression, err, tell[string](p, `document.getElementById("count")?.textContent ?? ""`))
	}
}

// prefers tells the page what the reader's system is set to.
func (p *tab) prefers(scheme string) {
	p.Helper()
	must(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// picture keeps what the page looks like, where somebody asked for it.
func (p *tab) picture(name string) {
	p.Helper()
	if *screens == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(*screens, name+".png"), png, 0o600)
	}
	if err != nil {
		p.Fatal(err)
	}
}
