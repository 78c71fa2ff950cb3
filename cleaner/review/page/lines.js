// What is shown of a document, and the places in it. Text goes into the page as text, never as markup.

// The server counts characters (code points), the browser units of UTF-16.
export function unitsOf(text, points) {
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left -= 1) {
    units += text.codePointAt(units) > 0xffff ? 2 : 1;
  }
  return units;
}

export function pointsOf(text, units) {
  return Array.from(text.slice(0, units)).length;
}

// Words, and single signs of scripts that write no blanks.
const WORD = /[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+/gu;

export function wordsOf(text) {
  return Array.from(text.matchAll(WORD), (found) => [found.index, found.index + found[0].length]);
}

export function make(name, className, text) {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// The text of a line: its foreign parts struck through, and what is being picked marked.
function fill(words, text, parts, picked) {
  const cuts = [...parts.map((part) => ({ ...part, kind: "part" }))];
  if (picked) cuts.push({ start: picked[0], end: picked[1], kind: "pick" });
  const edges = new Set([0, text.length]);
  for (const cut of cuts) edges.add(cut.start).add(cut.end);
  const bounds = [...edges].sort((a, b) => a - b);
  const pieces = [];
  for (let at = 0; at + 1 < bounds.length; at += 1) {
    const [start, end] = [bounds[at], bounds[at + 1]];
    const part = parts.find((one) => one.start <= start && end <= one.end);
    const isPicked = picked && picked[0] <= start && end <= picked[1];
    const piece = part ? make("mark", "", text.slice(start, end)) : make("span", "", text.slice(start, end));
    if (part) piece.dataset.label = part.label;
    if (isPicked) piece.classList.add("picked");
    pieces.push(piece);
  }
  words.replaceChildren(...pieces);
}

export function showLine(element, line, look) {
  const { label, machine, kept, parts, picked, here, selected } = look;
  element.className = "line";
  element.classList.toggle("gone", !kept);
  element.classList.toggle("doubtful", line.doubtful);
  element.classList.toggle("here", here);
  element.setAttribute("aria-selected", String(selected));
  if (!element.firstChild) element.append(make("span", "name"), make("span", "words"), make("span", "who"));
  const [name, words, who] = element.children;
  name.textContent = label;
  fill(words, line.text, parts, picked);
  const told = `${line.source} ${line.score.toFixed(2)}`;
  const doubt = line.odd ? "? rules and model differ: " : line.doubtful ? "? doubtful: " : "";
  who.textContent = label === machine ? `${doubt}${told}` : `yours; was ${machine}: ${told}`;
}

// What the mouse has selected inside the text of one line; null if that is nothing, or several lines.
export function selectedPart(lines) {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const at = lines.findIndex((element) => element.children[1].contains(range.startContainer));
  if (at < 0 || !lines[at].children[1].contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(lines[at].children[1]);
  before.setEnd(range.startContainer, range.startOffset);
  const start = before.toString().length;
  const text = range.toString();
  const left = text.length - text.trimStart().length;
  const length = text.trim().length;
  return length ? { line: at, start: start + left, end: start + left + length } : null;
}
