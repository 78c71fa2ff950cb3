"use strict";
// Everything from the reports goes into the page as text; nothing here makes markup of a string.
(() => {
  const PAGE = 50;
  const UNFIT = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/gu;
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("data").textContent);
  const documents = data.documents;
  const all = new Map(documents.map((one) => [one.number, one]));
  const [search, label, source, site, low, high, order, flagged] =
    ["search", "label", "source", "site", "low", "high", "order", "flagged"].map(at);
  const reader = at("reader"), tip = at("tip"), entries = at("entries");
  let found = [], page = 0, current = null, wanted = () => true;

  const number = (value) => value.toLocaleString("en");
  const share = (one) => (one.chars ? 1 - one.kept / one.chars : 0);
  const removed = (one) => one.text.filter(Array.isArray);
  const name = (one) => one.id || `document ${one.number + 1}`;

  function make(tag, properties = {}, ...children) {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  }

  function fill(select, values, told = (value) => value) {
    for (const value of values) select.append(make("option", { value, textContent: told(value) }));
  }

  function choose(select, value) {
    if (![...select.options].some((option) => option.value === value)) fill(select, [value]);
    select.value = value;
  }

  // What the filters ask of a removed stretch, and of a document.
  function matcher() {
    const from = Number(low.value || 0), to = high.value === "" ? 1 : Number(high.value);
    const ofLabel = data.labels.indexOf(label.value), rules = source.value === "rule:";
    const ofSource = data.sources.indexOf(source.value);
    return ([, itsLabel, itsSource, score]) =>
      (!label.value || itsLabel === ofLabel) &&
      (!source.value || (rules ? data.sources[itsSource].startsWith("rule:") : itsSource === ofSource)) &&
      score >= from && score <= to;
  }

  const filtering = () =>
    Boolean(label.value || source.value) || Number(low.value || 0) > 0 || (high.value !== "" && Number(high.value) < 1);

  // What was removed is compared as it is listed: white space as one blank.
  function plain(one) {
    one.plain ??= [one.id, ...one.text.map((part) => (Array.isArray(part) ? part[0] : typeof part === "string" ? part : "\n"))]
      .join("\n").toLowerCase().replace(/\s+/g, " ").replace(UNFIT, "\ufffd");
    return one.plain;
  }

  const ORDERS = {
    doubt: (one, two) => two.doubt - one.doubt,
    share: (one, two) => share(two) - share(one),
    long: (one, two) => two.chars - one.chars,
    given: () => 0,
  };

  function filter() {
    wanted = matcher();
    const words = search.value.trim().toLowerCase().replace(/\s+/g, " "), narrow = filtering();
    found = documents.filter((one) =>
      (!site.value || one.site === site.value) && (!flagged.checked || one.note) &&
      (!narrow || removed(one).some(wanted)) && (!words || plain(one).includes(words)));
    found.sort((one, two) => ORDERS[order.value](one, two) || one.number - two.number);
    page = 0;
    list();
    show(found[0] ?? null);
  }

  function list() {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    entries.replaceChildren(...found.slice(page * PAGE, (page + 1) * PAGE).map(entry));
    at("found").textContent = found.length === documents.length
      ? `${number(found.length)} document${found.length === 1 ? "" : "s"}`
      : `${number(found.length)} of ${number(documents.length)} documents`;
    at("page-at").textContent = `${number(page + 1)} of ${number(pages)}`;
    at("page-back").disabled = page === 0;
    at("page-on").disabled = page + 1 >= pages;
    at("pages").hidden = pages === 1;
    mark();
  }

  function entry(one) {
    const facts = make("span", { className: "facts" },
      make("span", { textContent: `${(100 * share(one)).toFixed(1)} % removed` }),
      one.note ? make("span", { className: "flag", textContent: "to look at" })
        : make("span", { textContent: one.doubt >= 1 ? `doubt ${number(Math.round(one.doubt))}` : "" }));
    const button = make("button", { type: "button", className: "entry" },
      make("bdi", { className: "name", textContent: name(one) }), facts);
    button.dataset.number = one.number;
    button.addEventListener("click", () => { show(one); reader.focus({ preventScroll: true }); reveal(); });
    return make("li", {}, button);
  }

  function mark() {
    for (const button of entries.querySelectorAll(".entry"))
      button.setAttribute("aria-current", String(current !== null && Number(button.dataset.number) === current.number));
  }

  // On a narrow screen the document lies below the list.
  function reveal() {
    if (reader.getBoundingClientRect().top > innerHeight * 0.6 || reader.getBoundingClientRect().top < 0) reader.scrollIntoView();
  }

  function show(one) {
    hide();
    current = one;
    mark();
    if (one === null) {
      reader.replaceChildren(make("h3", { id: "title", textContent: "No document" }),
        make("p", { className: "quiet", textContent: "Nothing fits these filters." }));
      return;
    }
    const facts = [one.site, one.date, `${number(one.chars)} characters`, `${(100 * share(one)).toFixed(1)} % removed`,
      one.doubt >= 1 && `about ${number(Math.round(one.doubt))} of them in doubt`].filter(Boolean);
    const back = make("button", { type: "button", className: "back", textContent: "Back to the list" });
    back.addEventListener("click", toList);
    const step = (text, way) => {
      const button = make("button", { type: "button", textContent: text, ariaLabel: `${text} removed stretch` });
      button.addEventListener("click", () => hop(way));
      return button;
    };
    const text = body(one), count = text.querySelectorAll("del").length;
    reader.replaceChildren(
      make("h3", { id: "title" }, make("bdi", { textContent: name(one) })),
      make("p", { className: "quiet" }, make("bdi", { textContent: facts.join(" \u00b7 ") })),
      ...(one.note ? [make("p", { className: "note", textContent: one.note })] : []),
      ...(one.whole ? [] : [make("p", { className: "note", textContent: "The text was not found; only what was removed is shown." })]),
      make("div", { className: "bar-row" }, back, ...(count ? [step("Previous", -1), step("Next", 1)] : []),
        make("span", { className: "quiet", textContent: count === 1 ? "1 stretch" : `${number(count)} stretches` })),
      text);
  }

  function body(one) {
    const text = make("div", { className: "text", dir: "auto" });
    const narrow = filtering();
    let before = -1, first = true;
    for (const part of one.text) {
      if (typeof part === "string") { text.append(part); if (part.trim()) before = -1; }
      else if (typeof part === "number") {
        text.append(make("span", { className: "gap", textContent: `[${number(part)} characters not shown]` }));
        if (!one.whole) text.append("\n");
        before = -1;
      } else {
        const [head, core, tail] = edges(part[0]);
        const gone = stretch(part, core);
        if (part[1] !== before) gone.dataset.tag = data.labels[part[1]];
        if (narrow && !wanted(part)) gone.classList.add("aside");
        gone.tabIndex = first ? 0 : -1;
        first = false;
        before = part[1];
        text.append(head, gone, tail);
        if (!one.whole && !/\n$/.test(tail)) text.append("\n");
      }
    }
    return text;
  }

  // White space around what was removed is not coloured.
  function edges(text) {
    const core = text.trim(), start = core ? text.indexOf(core) : 0;
    return core ? [text.slice(0, start), core, text.slice(start + core.length)] : ["", text, ""];
  }

  function stretch([, itsLabel, itsSource, score], core) {
    const kind = data.labels[itsLabel];
    const told = `${kind} \u00b7 ${data.sources[itsSource]} \u00b7 ${score.toFixed(2)}`;
    const gone = make("del", { className: `l-${kind}`, textContent: core });
    gone.append(make("span", { className: "hidden", textContent: ` (removed: ${told})` }));
    gone.addEventListener("pointerenter", () => tell(gone, told));
    gone.addEventListener("pointerleave", hide);
    gone.addEventListener("focus", () => tell(gone, told));
    gone.addEventListener("blur", hide);
    gone.addEventListener("click", () => gone.focus());
    return gone;
  }

  function tell(element, text) {
    const box = element.getClientRects()[0] ?? element.getBoundingClientRect();
    tip.textContent = text;
    tip.hidden = false;
    const width = document.documentElement.clientWidth, beside = box.right + 8, fits = beside + tip.offsetWidth < width - 8;
    const left = fits ? beside : Math.max(8, Math.min(box.left, width - tip.offsetWidth - 12));
    const above = box.top > tip.offsetHeight + 10 ? box.top - tip.offsetHeight - 6 : element.getBoundingClientRect().bottom + 6;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(fits ? box.top + (box.height - tip.offsetHeight) / 2 : above) + scrollY}px`;
  }

  function hide() { tip.hidden = true; }

  function hop(way) {
    const stretches = [...reader.querySelectorAll(narrowed())];
    if (!stretches.length) return;
    const here = stretches.indexOf(document.activeElement);
    const last = stretches.findIndex((one) => one.tabIndex === 0);
    const next = here >= 0 ? here + way : last >= 0 && hop.begun === current ? last + way : way > 0 ? 0 : stretches.length - 1;
    hop.begun = current;
    for (const one of reader.querySelectorAll("del")) one.tabIndex = -1;
    const target = stretches[(next + stretches.length) % stretches.length];
    target.tabIndex = 0;
    target.focus();
  }

  const narrowed = () => (reader.querySelector("del:not(.aside)") ? "del:not(.aside)" : "del");

  function turn(way) {
    const here = found.indexOf(current) + way;
    if (here < 0 || here >= found.length) return;
    page = Math.floor(here / PAGE);
    current = found[here];
    list();
    show(current);
    entries.querySelector('[aria-current="true"]').scrollIntoView({ block: "nearest" });
    reader.focus({ preventScroll: true });
    reveal();
  }

  function toList() {
    (entries.querySelector('[aria-current="true"]') ?? entries.querySelector(".entry"))?.focus();
  }

  const KEYS = {
    j: () => turn(1), k: () => turn(-1), n: () => hop(1), p: () => hop(-1), "/": () => search.focus(), Escape: toList,
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !tip.hidden) hide();
    const typing = event.target.closest("input:not([type=checkbox]), select, textarea");
    if (event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(KEYS, event.key)) return;
    if ((typing && event.key !== "Escape") || !at("keys-on").checked) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".pick");
    if (!button) return;
    if (button.dataset.open !== undefined) open(Number(button.dataset.open));
    else {
      const control = at(button.dataset.filter);
      if (control.tagName === "SELECT") choose(control, button.dataset.value);
      else control.value = button.dataset.value;
      filter();
    }
    at("documents").scrollIntoView();
    at("documents").focus({ preventScroll: true });
  });

  function clear() {
    at("filters").reset();
    filter();
  }

  function open(place) {
    clear();
    const one = all.get(place);
    if (!one) { at("found").textContent = "That document is not among those in this file."; return; }
    page = Math.floor(found.indexOf(one) / PAGE);
    current = one;
    list();
    show(one);
  }

  function start() {
    const used = new Set(documents.flatMap((one) => removed(one).map((part) => part[1])));
    fill(label, data.labels.filter((_, number) => used.has(number)));
    if (data.sources.some((one) => one.startsWith("rule:"))) fill(source, ["rule:"], () => "all rules");
    fill(source, [...data.sources].sort());
    const sites = [...new Set(documents.map((one) => one.site))].filter(Boolean).sort();
    fill(site, sites);
    at("site-field").hidden = !sites.length;
    const form = at("filters");
    form.addEventListener("submit", (event) => event.preventDefault());
    at("clear").addEventListener("click", clear);
    let waiting;
    form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
    at("page-back").addEventListener("click", () => { page -= 1; list(); });
    at("page-on").addEventListener("click", () => { page += 1; list(); });
    form.hidden = at("browser").hidden = at("keys").hidden = false;
    at("still").hidden = true;
    filter();
  }

  start();
})();
