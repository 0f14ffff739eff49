"use strict";
{
  const $ = (id) => document.getElementById(id);
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const results = all(".r"), clusters = all(".cluster"), chips = all(".chip"), entries = all("nav li");
  const say = (text) => { $("said").textContent = text; };
  const narrow = matchMedia("(max-width: 900px)");
  const index = document.querySelector("nav details");
  if (index && narrow.matches) index.open = false;

  // What is searched is gathered when someone first searches: most readers never do.
  const texts = new Map();
  const textOf = (r) => {
    if (!texts.has(r)) texts.set(r, (r.closest(".cluster").querySelector("summary").textContent + " " + r.textContent).toLowerCase());
    return texts.get(r);
  };

  // A fold that was opened for a match is closed again when the match goes; what the reader opened stays.
  const opened = new Set();
  const unfold = (r) => {
    for (let fold = r.parentElement.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      if (!fold.open) { fold.open = true; opened.add(fold); }
    }
  };

  const filter = () => {
    const words = $("text").value.toLowerCase().split(/\s+/).filter(Boolean);
    const check = $("check").value;
    const wanted = new Set(chips.filter((c) => c.getAttribute("aria-pressed") === "true").map((c) => c.dataset.s));
    const active = words.length > 0 || check !== "" || wanted.size > 0;
    for (const fold of opened) fold.open = false;
    opened.clear();
    const kept = new Set();
    let count = 0;
    for (const r of results) {
      const match = (wanted.size === 0 || wanted.has(r.dataset.s)) && (check === "" || r.dataset.c === check) &&
        (words.length === 0 || words.every((w) => textOf(r).includes(w)));
      if (!match) continue;
      count++;
      kept.add(r);
      const cause = r.parentElement.closest(".r");
      if (cause) kept.add(cause);
      if (active) unfold(r);
    }
    for (const r of results) r.hidden = !kept.has(r);
    for (const list of all(".fold")) {
      if (list.querySelector(".r")) list.hidden = !list.querySelector(".r:not([hidden])");
    }
    clusters.forEach((c, i) => {
      c.hidden = active && !c.querySelector(".r:not([hidden])");
      if (entries[i]) entries[i].hidden = c.hidden;
    });
    const noun = results.length === 1 ? " result" : " results";
    $("count").textContent = active ? count + " of " + results.length + noun : results.length + noun;
    $("reset").hidden = !active;
    $("none").hidden = !active || count > 0;
  };

  if ($("text")) {
    let soon;
    $("text").addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(filter, 120); });
    $("check").addEventListener("change", filter);
    for (const chip of chips) {
      chip.addEventListener("click", () => {
        chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
        filter();
      });
    }
    const form = document.querySelector(".tools");
    form.addEventListener("submit", (e) => { e.preventDefault(); clearTimeout(soon); filter(); });
    form.addEventListener("reset", () => {
      for (const chip of chips) chip.setAttribute("aria-pressed", "false");
      setTimeout(() => { filter(); $("text").focus(); });
    });
    document.addEventListener("keydown", (e) => {
      if (e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !/^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) {
        e.preventDefault();
        $("text").focus();
      }
    });
  }

  // Where the clipboard is refused, the fix is selected: one key copies it then.
  const copy = async (button) => {
    const code = button.parentElement.querySelector("code");
    let done = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Selected";
    say(done ? "The fix is copied." : "The fix is selected, copy it with the keyboard.");
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  };
  document.addEventListener("click", (e) => {
    const button = e.target.closest(".copy");
    if (button) copy(button);
  });

  // A link to a result opens what it stands in, and the result itself.
  const go = () => {
    const target = /^#[rc]\d+$/.test(location.hash) && document.querySelector(location.hash);
    if (!target) return;
    for (const fold of [target.querySelector("details"), target.parentElement.closest("details"), target.parentElement.closest(".cluster > details")]) {
      if (fold) fold.open = true;
    }
    target.scrollIntoView({ block: "start" });
    const focus = target.querySelector("summary") || target;
    if (focus === target) target.tabIndex = -1;
    focus.focus({ preventScroll: true });
  };
  addEventListener("hashchange", go);
  go();

  // Paper has no folds: what failed is printed whole.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all(".cluster > details, .r[data-s=x] > details, .r[data-s=q] > details, .r[data-s=b] > details").filter((d) => !d.open);
    for (const d of folded) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of folded) d.open = false; });
}
