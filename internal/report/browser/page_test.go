package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/checks"
	"github.com/gkepreflight/terraform-provider-gkepreflight/internal/report"
)

// shown counts the results a reader can see or scroll to.
const shown = `document.querySelectorAll(".r:not([hidden])").length`

func TestThePageNeedsNobody(t *testing.T) {
	for name, r := range map[string]report.Report{"broken": made("prod"), "nothing": report.New("0.1.0", nil, checks.Judgement{}, nil)} {
		t.Run(name, func(t *testing.T) {
			p := open(t, r)
			for _, scheme := range []string{"light", "dark"} {
				p.prefers(scheme)
				p.picture(name + "-" + scheme)
			}
			if got := tell[string](p, `document.title`); !strings.HasSuffix(got, "– gkepreflight") {
				t.Errorf("the title is %q", got)
			}
			p.quiet()
		})
	}
}

func TestNamesAreNotExecuted(t *testing.T) {
	r := made(evil...)
	for i := range r.Results {
		r.Results[i].Check, r.Results[i].Fix, r.Results[i].Docs = evil[i%len(evil)], evil[(i+1)%len(evil)], evil[6]
		r.Results[i].Object.File = evil[(i+2)%len(evil)]
	}
	r.Sources, r.Notes = []report.Source{{Kind: evil[0], Name: evil[1]}}, evil
	r.Errors = []report.SourceError{{Source: evil[2], Message: evil[4]}}
	p := open(t, r)
	p.do(chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll("details")) d.open = true`))
	if tell[bool](p, `"owned" in window`) || tell[int](p, `document.scripts.length`) != 1 || tell[int](p, `document.images.length + frames.length`) != 0 {
		t.Error("a name became code")
	}
	if !tell[bool](p, `document.body.textContent.includes("<script>window.owned=1</script>")`) {
		t.Error("a name is not shown as it is")
	}
	// The filter handles names, too: as values of a choice, and as what is looked for.
	p.do(chromedp.Evaluate[chromedp.Void](`check.selectedIndex = 1; check.dispatchEvent(new Event("change"))`))
	p.until(`document.getElementById("count").textContent.includes(" of ")`)
	if tell[bool](p, `"owned" in window`) {
		t.Error("the filter executed a name")
	}
	p.quiet()
}

func TestSearchAndFilter(t *testing.T) {
	p := open(t, made("prod", "stage"))
	count := func(want string, visible int) {
		t.Helper()
		p.until(`document.getElementById("count").textContent === "` + want + `"`)
		if got := tell[int](p, shown); got != visible {
			t.Errorf("%s: %d are shown, want %d", want, got, visible)
		}
	}
	count("20 results", 20)
	p.do(chromedp.SendKeys(chromedp.CSS("#text"), "PROD quay.io"))
	// What follows is shown under its cause. The cause's fold holds the word too.
	count("2 of 20 results", 2)
	if got := tell[[]string](p, `[...document.querySelectorAll(".cluster:not([hidden]) h2")].map((h) => h.textContent)`); !slices.Equal(got, []string{"prod"}) {
		t.Errorf("clusters %q are shown", got)
	}
	p.do(chromedp.Click(chromedp.CSS("#reset")))
	count("20 results", 20)
	p.do(chromedp.Click(chromedp.CSS(`.chip[data-s=t]`)))
	count("10 of 20 results", 10)
	if !tell[bool](p, `[...document.querySelectorAll(".r:not([hidden])")].every((r) => r.checkVisibility())`) {
		t.Error("what passed matches, and stays folded")
	}
	p.do(chromedp.Click(chromedp.CSS(`.chip[data-s=q]`)))
	count("12 of 20 results", 12)
	p.do(chromedp.Click(chromedp.CSS(`.chip[data-s=t]`)), chromedp.Click(chromedp.CSS(`.chip[data-s=q]`)))
	count("20 results", 20)
	if tell[bool](p, `[...document.querySelectorAll(".fold")].some((f) => f.open)`) {
		t.Error("what the filter unfolded stays open")
	}
	if tell[bool](p, `[...document.querySelectorAll("h3")].some((h) => !h.checkVisibility())`) {
		t.Error("the heading of the exceptions is gone")
	}
	p.do(chromedp.SetValue(chromedp.CSS("#check"), "nat-capacity"), chromedp.Evaluate[chromedp.Void](`check.dispatchEvent(new Event("change"))`))
	count("2 of 20 results", 2)
	if tell[bool](p, `[...document.querySelectorAll("h3")].some((h) => h.checkVisibility())`) {
		t.Error("a heading stands over nothing")
	}
	p.do(chromedp.SendKeys(chromedp.CSS("#text"), "nothing has this"))
	count("0 of 20 results", 0)
	if !tell[bool](p, `document.getElementById("none").checkVisibility()`) || tell[string](p, `document.getElementById("count").ariaLive`) != "polite" {
		t.Error("it is not said that nothing matches")
	}
	p.quiet()
}

func TestAFixIsCopied(t *testing.T) {
	t.Run("by the clipboard", func(t *testing.T) {
		p := open(t, made("prod"))
		for _, name := range []string{"clipboard-read", "clipboard-write"} {
			if _, err := chromedp.CallBrowser(p.ctx, browser.SetPermission, browser.SetPermissionParams{
				Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted}); err != nil {
				t.Fatal(err)
			}
		}
		p.do(chromedp.Click(chromedp.CSS(".copy")))
		p.until(`document.querySelector(".copy").textContent === "Copied"`)
		if got := tell[string](p, `navigator.clipboard.readText()`); got != fix {
			t.Errorf("the clipboard holds %q, want %q", got, fix)
		}
		if got := tell[string](p, `document.getElementById("said").textContent`); got != "The fix is copied." {
			t.Errorf("who does not see it hears %q", got)
		}
		p.quiet()
	})
	t.Run("by selecting it where the clipboard is refused", func(t *testing.T) {
		p := open(t, made("prod"))
		p.do(chromedp.Evaluate[chromedp.Void](`Object.defineProperty(navigator, "clipboard", {value: undefined})`), chromedp.Click(chromedp.CSS(".copy")))
		p.until(`document.querySelector(".copy").textContent !== "Copy"`)
		if got := tell[string](p, `getSelection().toString()`); got != fix {
			t.Errorf("%q is selected, want %q", got, fix)
		}
		p.quiet()
	})
}

// Every control is reached by Tab, shows that it has the focus, and has a name.
func TestKeyboard(t *testing.T) {
	p := open(t, made("prod"))
	reached := map[string]bool{}
	for range 60 {
		p.do(chromedp.KeyEvent(kb.Tab))
		at := tell[[]string](p, `(() => { const e = document.activeElement, s = getComputedStyle(e);
			return [e.id ? "#" + e.id : e.className.baseVal ?? (e.className || e.tagName + (e.closest("nav") ? " of nav" : "") + (e.closest("svg") ? " of svg" : "")),
				s.outlineStyle === "none" ? "" : "seen", e.ariaLabel || e.textContent.trim() || e.placeholder || ""] })()`)
		if at[0] == "BODY" {
			break
		}
		if at[1] == "" || at[2] == "" {
			t.Errorf("the focus on %s is not seen, or it has no name: %q", at[0], at)
		}
		reached[at[0]] = true
	}
	for _, want := range []string{"skip", "#text", "#check", "chip", "A of nav", "SUMMARY", "copy", "PRE", "A"} {
		if !reached[want] {
			t.Errorf("Tab does not reach %s, only %v", want, reached)
		}
	}
	p.do(chromedp.KeyEvent("/"))
	if got := tell[string](p, `document.activeElement.id`); got != "text" {
		t.Errorf("/ leads to %q", got)
	}
	// Space and Enter work a chip and a fold.
	p.do(chromedp.Focus(chromedp.CSS(`.chip[data-s=x]`)), chromedp.KeyEvent(" "))
	p.until(`document.querySelector(".chip[data-s=x]").ariaPressed === "true"`)
	p.do(chromedp.KeyEvent(" "), chromedp.Focus(chromedp.CSS("#r1 summary")), chromedp.KeyEvent(kb.Enter))
	p.until(`!document.querySelector("#r1 details").open`)
	p.quiet()
}

// A broken hop of the drawing leads to the result that says why, whatever is folded.
func TestABrokenHopLeadsToItsResult(t *testing.T) {
	p := open(t, made("prod"))
	p.do(chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll(".r details")) d.open = false`))
	p.do(chromedp.Click(chromedp.CSS(".net.wide a")))
	p.until(`location.hash === "#r1" && document.querySelector("#r1 details").open && document.activeElement === document.querySelector("#r1 summary")`)
	// One that passed lies in two folds.
	p.do(chromedp.Evaluate[chromedp.Void](`location.hash = "#r10"`))
	p.until(`document.getElementById("r10").checkVisibility()`)
	p.quiet()
}

func TestPhones(t *testing.T) {
	for name, r := range map[string]report.Report{"phone": made("prod", "stage"), "phone-long": made(strings.Repeat("very-long-name-", 20), strings.Repeat("W", 300))} {
		p := open(t, r, chromedp.EmulateViewport(390, 844))
		p.picture(name)
		if got := tell[int](p, `document.documentElement.scrollWidth`); got > 390 {
			t.Errorf("%s: the page is %d wide", name, got)
		}
		if !tell[bool](p, `document.querySelector(".net.narrow").checkVisibility() && !document.querySelector(".net.wide").checkVisibility()`) {
			t.Errorf("%s: the wide drawing is shown", name)
		}
		p.quiet()
	}
}

// faint lists texts whose contrast with what lies behind them is less than 4.5 to 1 (WCAG 2.2, 1.4.3).
const faint = `(() => {
	const parse = (c) => c.match(/[\d.]+/g).map(Number);
	const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const behind = (e) => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] === 1) return c; } return [255, 255, 255]; };
	const box = (e) => { const r = e.closest(".box")?.querySelector("rect") ?? e.closest(".h.x .g, .h.b .g, .h.q .g")?.parentElement.querySelector("circle"); return r ? parse(getComputedStyle(r).fill) : behind(e); };
	const out = [];
	for (const e of document.body.querySelectorAll("*")) {
		const written = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.classList.contains("m");
		if (!written || !e.checkVisibility() || e.closest("script, option, title, desc, .vh, .skip")) continue;
		const svg = e.closest("svg"), style = getComputedStyle(e);
		const [a, b] = [light(parse(svg ? style.fill : style.color)), light(svg ? box(e) : behind(e))];
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) out.push(e.tagName + "." + (e.className.baseVal ?? e.className) + " " + e.textContent.slice(0, 20) + ": " + ratio.toFixed(2));
	}
	return [...new Set(out)];
})()`

func TestContrast(t *testing.T) {
	p := open(t, made("prod"))
	p.do(chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll("details")) d.open = true`))
	for _, scheme := range []string{"light", "dark"} {
		p.prefers(scheme)
		p.until(`getComputedStyle(document.body).backgroundColor !== ""`)
		for _, text := range tell[[]string](p, faint) {
			t.Errorf("%s: %s", scheme, text)
		}
		p.do(chromedp.Click(chromedp.CSS(`.chip[data-s=x]`)))
		for _, text := range tell[[]string](p, faint) {
			t.Errorf("%s, with a filter: %s", scheme, text)
		}
		p.do(chromedp.Click(chromedp.CSS(`.chip[data-s=x]`)))
	}
}

// Ten thousand results: what is off the screen is not laid out, and the filter finds one of them.
func TestTenThousandResults(t *testing.T) {
	p := open(t, fleet())
	if tell[bool](p, `[...document.querySelectorAll(".cluster > details")].at(-1).checkVisibility({contentVisibilityAuto: true})`) {
		t.Error("the last cluster was laid out before anyone looked")
	}
	p.do(chromedp.Evaluate[chromedp.Void](`document.getElementById("text").focus()`), chromedp.KeyEvent("c777 nat-node-range"))
	p.until(`document.getElementById("count").textContent === "2 of 10000 results"`)
	if got := tell[[]string](p, `[...document.querySelectorAll(".cluster:not([hidden]) h2")].map((h) => h.textContent)`); !slices.Equal(got, []string{"c777", "c777-2"}) {
		t.Errorf("clusters %q are shown", got)
	}
	p.picture("fleet")
	p.quiet()
}

func TestPaper(t *testing.T) {
	p := open(t, made("prod"))
	p.do(chromedp.Evaluate[chromedp.Void](`for (const d of document.querySelectorAll(".r details")) d.open = false`))
	must(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	p.do(chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event("beforeprint"))`))
	if !tell[bool](p, `document.querySelector("#r1 pre").checkVisibility() && !document.querySelector(".tools").checkVisibility()`) {
		t.Error("the fix is not printed, or the search is")
	}
	p.do(chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event("afterprint"))`))
	if tell[bool](p, `document.querySelector("#r1 details").open`) {
		t.Error("what was folded stays open")
	}
	p.quiet()
}
