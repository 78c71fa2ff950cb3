// The review: what is decided about the document on the screen, the keys, and the talk with the server.
import { make, pointsOf, selectedPart, showLine, unitsOf, wordsOf } from "/lines.js";

const $ = (id) => document.getElementById(id);
let info = null; // progress and labels, as the server tells them
let doc = null; // the document on the screen
let labels = []; // one a line
let parts = []; // { line, start, end, label }, in units of UTF-16
let past = []; // what was decided before each change
let cursor = 0;
let anchor = 0; // the other end of the marked lines
let pick = null; // { from, to }: words of the line at the cursor
let rows = [];
let busy = false;
let saving = Promise.resolve();

// --- the server

async function ask(method, path, value) {
  const options = { method };
  if (value !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(value);
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error("The review does not answer: start `cleaner review` again with the same file, then go on here.");
  }
  const told = await answer.json();
  if (!answer.ok) throw new Error(`${told.error.reason}; ${told.error.remedy}`);
  return told;
}

const place = () => `/api/documents/${doc.number}`;

function decided() {
  const told = parts.map(({ line, start, end, label }) => {
    const text = doc.lines[line].text;
    return [line, pointsOf(text, start), pointsOf(text, end), label];
  });
  return { labels, parts: told };
}

// One at a time and in order; what fails is told, and the next change sends it all again.
function send(method, path, value) {
  saving = saving.then(async () => {
    try {
      info = await ask(method, path, value);
      alarm("");
      return true;
    } catch (error) {
      alarm(error.message);
      return false;
    }
  });
  return saving;
}

async function exclusively(act) {
  if (busy) return;
  busy = true;
  try {
    await act();
  } catch (error) {
    alarm(error.message);
  } finally {
    busy = false;
  }
}

// --- the screen

function say(text) {
  $("status").textContent = text;
}

function alarm(text) {
  $("alarm").textContent = text ? `Not saved. ${text}` : "";
  $("alarm").hidden = !text;
}

const marked = () => [Math.min(cursor, anchor), Math.max(cursor, anchor)];
const isKept = (label) => info.labels.find((one) => one.name === label).kept;

function pickedOf() {
  if (!pick) return null;
  const words = wordsOf(doc.lines[cursor].text);
  return [words[Math.min(pick.from, pick.to)][0], words[Math.max(pick.from, pick.to)][1]];
}

function showLines(from = 0, to = rows.length - 1) {
  const [first, last] = marked();
  for (let at = Math.max(from, 0); at <= Math.min(to, rows.length - 1); at += 1) {
    showLine(rows[at], doc.lines[at], {
      label: labels[at],
      machine: doc.machine.labels[at],
      kept: isKept(labels[at]),
      parts: parts.filter((part) => part.line === at),
      picked: at === cursor ? pickedOf() : null,
      here: at === cursor,
      selected: first <= at && at <= last,
    });
  }
}

function showProgress() {
  $("bar").max = info.total;
  $("bar").value = info.done;
  $("count").textContent = `${info.done} of ${info.total}`;
  for (const button of $("labels").children) {
    button.querySelector(".n").textContent = info.labels.find((one) => one.name === button.dataset.label).count;
  }
}

function makeLabels() {
  const buttons = info.labels.map((label) => {
    const button = make("button", label.kept ? "kept" : "");
    button.type = "button";
    button.dataset.label = label.name;
    button.setAttribute("aria-keyshortcuts", label.key);
    button.append(make("kbd", "", label.key), ` ${label.name} `, make("span", "n", label.count));
    button.addEventListener("click", () => label_(label.name));
    return button;
  });
  $("labels").replaceChildren(...buttons);
}

function take(found) {
  labels = [...found.labels];
  parts = found.parts.map(([line, start, end, label]) => {
    const text = doc.lines[line].text;
    return { line, start: unitsOf(text, start), end: unitsOf(text, end), label };
  });
}

async function show(number) {
  doc = await ask("GET", `/api/documents/${number}`);
  take(doc.decided);
  past = [];
  pick = null;
  rows = doc.lines.map((_, at) => {
    const row = make("div");
    row.id = `line-${at}`;
    row.setAttribute("role", "option");
    row.addEventListener("click", (event) => (event.shiftKey ? go(at, true) : getSelection().isCollapsed && go(at)));
    return row;
  });
  $("lines").replaceChildren(...rows);
  $("name").textContent = doc.id || `document ${number + 1}`;
  const state = doc.done ? "Reviewed. " : doc.begun ? "Begun. " : "";
  $("why").textContent = `${state}Document ${number + 1} of ${info.total}: ${doc.why}.`;
  finished(false);
  go(0);
  scrollTo(0, 0);
  showLines();
  showProgress();
  $("lines").focus({ preventScroll: true });
}

function finished(yes) {
  $("finished").hidden = !yes;
  $("work").hidden = yes;
  for (const id of ["part", "accept"]) $(id).disabled = yes;
  for (const button of $("labels").children) button.disabled = yes;
  if (!yes) return;
  doc = null;
  $("file").textContent = info.file;
  $("adapt").textContent = info.adapt;
  $("train").textContent = info.train;
  showProgress();
  $("finished").focus();
}

const showNext = () => (info.next === null ? finished(true) : show(info.next));

// --- moving

function go(at, extend = false) {
  const before = marked();
  const from = cursor;
  cursor = Math.max(0, Math.min(at, rows.length - 1));
  if (!extend) anchor = cursor;
  pick = null;
  const all = [...before, ...marked(), from];
  showLines(Math.min(...all), Math.max(...all));
  $("lines").setAttribute("aria-activedescendant", `line-${cursor}`);
  rows[cursor].scrollIntoView({ block: "nearest" });
}

function goDoubtful() {
  const order = doc.lines.map((_, at) => (cursor + 1 + at) % doc.lines.length);
  const at = order.find((number) => doc.lines[number].doubtful);
  if (at === undefined) say("No line of this document is doubtful.");
  else go(at);
}

function movePick(step, extend) {
  const last = wordsOf(doc.lines[cursor].text).length - 1;
  pick.to = Math.max(0, Math.min(pick.to + step, last));
  if (!extend) pick.from = pick.to;
  showLines(cursor, cursor);
  const [start, end] = pickedOf();
  say(`Part: ${doc.lines[cursor].text.slice(start, end)}`);
}

function startPick() {
  if (!doc) return;
  if (!isKept(labels[cursor])) return say("Parts are marked in kept lines; this one goes as a whole.");
  if (!wordsOf(doc.lines[cursor].text).length) return;
  anchor = cursor;
  pick = { from: 0, to: 0 };
  showLines();
  movePick(0, false);
}

// --- deciding

function change(act) {
  past.push({ labels: [...labels], parts: [...parts], cursor });
  act();
  keepDraft();
}

const keepDraft = () => send("PUT", place(), decided());

function label_(name) {
  if (!doc || busy) return;
  const part = pick ? { line: cursor, ...rangeOf(pickedOf()) } : selectedPart(rows);
  if (part && !isKept(name)) return setPart(part, name);
  const [first, last] = marked();
  change(() => {
    for (let at = first; at <= last; at += 1) labels[at] = name;
    // A line that goes as a whole has no parts.
    if (!isKept(name)) parts = parts.filter((one) => one.line < first || one.line > last);
  });
  say(first === last ? `Line ${first + 1}: ${name}` : `Lines ${first + 1} to ${last + 1}: ${name}`);
  pick = null;
  showLines(first, last);
  if (first === last) go(cursor + 1);
}

const rangeOf = ([start, end]) => ({ start, end });

function setPart(part, label) {
  if (!isKept(labels[part.line])) return say("Parts are marked in kept lines; this one goes as a whole.");
  change(() => {
    const apart = parts.filter((one) => one.line !== part.line || one.end <= part.start || part.end <= one.start);
    parts = [...apart, { ...part, label }];
  });
  say(`Part of line ${part.line + 1}: ${label}`);
  getSelection().removeAllRanges();
  pick = null;
  showLines(part.line, part.line);
}

function clearParts() {
  if (!parts.some((one) => one.line === cursor)) return;
  change(() => {
    parts = parts.filter((one) => one.line !== cursor);
  });
  say(`Line ${cursor + 1} has no parts any more.`);
  showLines(cursor, cursor);
}

const accept = () =>
  exclusively(async () => {
    if (!doc || !(await send("POST", `${place()}/accept`, decided()))) return;
    const { done, total } = info;
    await showNext();
    say(`Saved. ${done} of ${total}.`);
  });

const undo = () =>
  exclusively(async () => {
    if (doc && past.length) {
      const before = past.pop();
      ({ labels, parts } = before);
      go(before.cursor);
      showLines();
      keepDraft();
      say("Undone.");
    } else {
      const number = doc && doc.done ? doc.number : info.last;
      if (number === null) return say("There is nothing to undo.");
      if (await send("POST", `/api/documents/${number}/reopen`, {})) {
        await show(number);
        say("Taken back; Enter accepts it again.");
      }
    }
  });

const look = (step) =>
  exclusively(async () => {
    await saving;
    const number = doc ? doc.number + step : info.total - 1;
    if (number < 0 || number >= info.total) return say("There is no other document on that side.");
    await show(number);
    say("");
  });

// --- keys

const KEYS = {
  ArrowDown: (shift) => go(cursor + 1, shift),
  ArrowUp: (shift) => go(cursor - 1, shift),
  j: () => go(cursor + 1),
  k: () => go(cursor - 1),
  J: () => go(cursor + 1, true),
  K: () => go(cursor - 1, true),
  Home: () => go(0),
  End: () => go(rows.length - 1),
  PageDown: () => go(cursor + 10),
  PageUp: () => go(cursor - 10),
  q: goDoubtful,
  p: startPick,
  Backspace: clearParts,
  Delete: clearParts,
  Escape: () => go(cursor),
};
const PICKING = {
  ArrowLeft: (shift) => movePick(-1, shift),
  ArrowRight: (shift) => movePick(1, shift),
};
const ALWAYS = { Enter: accept, z: undo, "[": () => look(-1), "]": () => look(1) };

function onKey(event) {
  const back = (event.ctrlKey || event.metaKey) && event.key === "z" && !event.shiftKey;
  if (!info || event.altKey || ((event.ctrlKey || event.metaKey) && !back)) return;
  // A button or the help that has the focus keeps the keys that press it.
  if (event.target.closest("button, summary") && ["Enter", " "].includes(event.key)) return;
  const label = info.labels.find((one) => one.key === event.key);
  let act = ALWAYS[event.key];
  if (doc && !busy) act ??= (pick && PICKING[event.key]) || KEYS[event.key] || (label && (() => label_(label.name)));
  if (!act || (event.repeat && act === accept)) return;
  event.preventDefault();
  act(event.shiftKey);
}

async function start() {
  info = await ask("GET", "/api/state");
  makeLabels();
  addEventListener("keydown", onKey);
  $("accept").addEventListener("click", accept);
  $("undo").addEventListener("click", undo);
  $("part").addEventListener("click", () => (startPick(), $("lines").focus()));
  $("before").addEventListener("click", () => look(-1));
  $("after").addEventListener("click", () => look(1));
  await showNext();
  if (info.choice) say(info.choice);
}

exclusively(start);
