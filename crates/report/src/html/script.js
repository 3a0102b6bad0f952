// What the page adds where scripts run: a filter over steps and findings, links that find what is hidden, larger timelines.
//
// Everything that is shown stands in the page already. This reads text and numbers of it, hides and unhides, and writes only
// numbers into words that came with the page. Nothing of the evidence becomes code or markup; the page's policy sees to that, too.
"use strict";
(() => {
  /** Findings shown at once; of tens of thousands a browser lays out only those. */
  const AT_ONCE = 100;
  const numbers = new Intl.NumberFormat(document.documentElement.lang);
  /** The words of an element with numbers in their places: `{1} of {2}`. */
  const say = (element, ...values) => {
    const text = element.dataset.words.replace(/\{(\d)\}/g, (_, place) => numbers.format(values[place - 1]));
    if (element.textContent !== text) element.textContent = text;
  };

  /** The filter of one server. */
  function filter(found) {
    const bar = found.querySelector(".filter");
    if (!bar) return;
    const choice = (name) => bar.querySelector(`[name=${name}]`);
    const [text, grade, sure, incident] = ["text", "grade", "sure", "in"].map(choice);
    const entry = (row) => ({ row, grade: Number(row.dataset.grade), sure: Number(row.dataset.sure), incident: row.dataset.in, text: null });
    const findings = [...found.querySelectorAll(".finding[data-grade]")].map(entry);
    const steps = [...found.querySelectorAll("tr[data-grade]")].map(entry);
    const incidents = [...found.querySelectorAll(".incident")];
    const further = [...found.querySelectorAll("details.further")].map((details) => ({ details, open: null }));
    const [none, more] = [found.querySelector(".no-match"), found.querySelector(".more")];
    // Texts in small letters, made once and before they are asked for: no keystroke should read the whole page.
    const textOf = (entry) => (entry.text ??= entry.row.textContent.toLowerCase());
    const all = [...steps, ...findings];
    const makeTexts = (from) => {
      all.slice(from, from + 1000).forEach(textOf);
      if (from + 1000 < all.length) setTimeout(makeTexts, 10, from + 1000);
    };
    let fitting = findings;
    let shown = findings;

    function showFindings(count) {
      const next = fitting.slice(0, count);
      const stays = new Set(next);
      for (const entry of shown) if (!stays.has(entry)) entry.row.hidden = true;
      for (const { row } of next) row.hidden = false;
      shown = next;
      const rest = fitting.length - shown.length;
      more.parentElement.hidden = rest === 0;
      say(more, Math.min(AT_ONCE, rest), rest);
    }

    function apply() {
      const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
      const [least, surest, where] = [Number(grade.value), Number(sure.value), incident.value];
      const active = words.length > 0 || least > 0 || surest > 0 || where !== "";
      const fits = (entry) =>
        entry.grade >= least &&
        entry.sure >= surest &&
        (where === "" || entry.incident === (where === "alone" ? "" : where)) &&
        words.every((word) => textOf(entry).includes(word));
      fitting = active ? findings.filter(fits) : findings;
      showFindings(AT_ONCE);

      let fittingSteps = 0;
      for (const entry of steps) {
        const hidden = active && !fits(entry);
        if (entry.row.hidden !== hidden) entry.row.hidden = hidden;
        if (!hidden) fittingSteps += 1;
      }
      for (const section of incidents) section.hidden = active && !section.querySelector("tr[data-grade]:not([hidden])");
      // What a filter opened it closes again.
      for (const part of further) {
        part.open ??= part.details.open;
        part.details.open = active ? !!part.details.querySelector("tr[data-grade]:not([hidden])") : part.open;
        if (!active) part.open = null;
      }
      none.hidden = fitting.length > 0;
      say(bar.querySelector("output"), fittingSteps, steps.length, fitting.length, findings.length);
    }

    function reset() {
      for (const field of [text, grade, sure, incident]) field.value = field === text || field === incident ? "" : "0";
      apply();
    }

    bar.addEventListener("input", apply);
    bar.querySelector("button").addEventListener("click", () => {
      reset();
      text.focus();
    });
    bar.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        if (text.value === "") text.blur();
        reset();
      } else if (event.key === "Enter" && event.target === text) {
        const first = all.find(({ row }) => !row.hidden && row.offsetParent);
        first?.row.scrollIntoView({ block: "start" });
      }
    });
    more.addEventListener("click", () => {
      const before = shown.length;
      showFindings(before + AT_ONCE);
      const next = shown[before];
      (next?.row.querySelector("summary, a") ?? more).focus();
    });
    // A link may lead to a finding that is hidden: it is shown beside those that fit.
    found.addEventListener("reveal", (event) => {
      const known = findings.find(({ row }) => row === event.target);
      if (known && !shown.includes(known)) shown = [...shown, known];
    });
    found.classList.add("filtered");
    apply();
    makeTexts(0);
  }

  /** Shows what a link leads to, whatever hides it. */
  function reveal(hash) {
    const target = hash.length > 1 && document.getElementById(hash.slice(1));
    if (!target) return null;
    for (let part = target; part; part = part.parentElement) {
      part.hidden = false;
      if (part.tagName === "DETAILS") part.open = true;
    }
    target.dispatchEvent(new Event("reveal", { bubbles: true }));
    return target;
  }

  /** The enlarged pictures of one incident. */
  function zoom(figure) {
    const room = figure.querySelector(".pictures");
    const larger = [...room.querySelectorAll(".enlarged")];
    if (larger.length === 0) return;
    const whole = [...room.querySelectorAll(".picture:not(.enlarged)")];
    const buttons = [...figure.querySelectorAll("[data-zoom]")];
    let level = 0;
    const marks = () => {
      const seen = level === 0 ? whole.find((picture) => picture.getBoundingClientRect().width > 0) : larger[level - 1];
      return seen ? [...seen.querySelectorAll(".mark")] : [];
    };
    const middle = (mark) => {
      const box = mark.getBoundingClientRect();
      return box.left + box.width / 2;
    };

    /** To another level; the step that stood at `at` (pixels of the window) stays there. */
    function to(next, at) {
      next = Math.min(Math.max(next, 0), larger.length);
      if (next === level) return;
      const box = room.getBoundingClientRect();
      at ??= box.left + box.width / 2;
      const near = marks().sort((a, b) => Math.abs(middle(a) - at) - Math.abs(middle(b) - at))[0];
      level = next;
      for (const picture of whole) picture.toggleAttribute("hidden", level > 0);
      larger.forEach((picture, number) => picture.toggleAttribute("hidden", number !== level - 1));
      const step = Number(near?.dataset.step);
      const same = marks().filter((mark) => Number(mark.dataset.step) <= step).sort((a, b) => b.dataset.step - a.dataset.step)[0];
      room.scrollLeft += same ? middle(same) - at : 0;
      for (const button of buttons) {
        const by = Number(button.dataset.zoom);
        button.disabled = by > 0 ? level === larger.length : level === 0;
      }
    }

    const by = (change, at) => to(change === 0 ? 0 : level + change, at);
    for (const button of buttons) button.addEventListener("click", () => by(Number(button.dataset.zoom)));
    figure.addEventListener("keydown", (event) => {
      const change = { "+": 1, "=": 1, "-": -1, 0: 0 }[event.key];
      if (change === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      by(change);
    });
    // A pinch on a touch pad comes as many small turns of the wheel.
    let turned = 0;
    room.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      turned += event.deltaY;
      if (Math.abs(turned) < 60) return;
      by(turned < 0 ? 1 : -1, event.clientX);
      turned = 0;
    }, { passive: false });
    room.tabIndex = 0;
  }

  for (const part of document.querySelectorAll(".needs-script")) part.hidden = false;
  for (const found of document.querySelectorAll(".found")) filter(found);
  for (const figure of document.querySelectorAll(".timeline")) zoom(figure);

  // Before the browser follows a link, what it leads to must be there to be scrolled to.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link) reveal(link.getAttribute("href"));
  }, { capture: true });
  addEventListener("hashchange", () => reveal(location.hash)?.scrollIntoView());
  reveal(location.hash);
  // `/` goes to the search of the server that is in view.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const bars = [...document.querySelectorAll(".filter")];
    const field = (bars.find((bar) => bar.parentElement.getBoundingClientRect().bottom > 0) ?? bars[0])?.querySelector("input");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
})();
