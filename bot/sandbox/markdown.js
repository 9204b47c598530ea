// Markdown as WeCom shows it, built node by node: text never becomes HTML.

const COLORS = new Set(["info", "comment", "warning"]);
const INLINE = [
  { pattern: /`([^`\n]+)`/, make: (m) => element("code", {}, [m[1]]) },
  { pattern: /\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/, make: (m, names) => link(m[2], inline(m[1], names)) },
  {
    pattern: /<font color="?(\w+)"?>([\s\S]*?)<\/font>/,
    make: (m, names) => element("span", { className: COLORS.has(m[1]) ? `font-${m[1]}` : "" }, inline(m[2], names)),
  },
  { pattern: /<@([\w.@-]+)>/, make: (m, names) => element("span", { className: "mention" }, [`@${names.get(m[1]) ?? m[1]}`]) },
  { pattern: /\*\*([^\n]+?)\*\*/, make: (m, names) => element("strong", {}, inline(m[1], names)) },
  { pattern: /(?<![\w*])\*([^\s*][^*\n]*?)\*(?![\w*])/, make: (m, names) => element("em", {}, inline(m[1], names)) },
];

export function element(tag, properties = {}, children = []) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function link(href, children) {
  return element("a", { href, target: "_blank", rel: "noopener noreferrer" }, children);
}

function inline(text, names) {
  const nodes = [];
  let rest = text;
  while (rest) {
    let best = null;
    for (const rule of INLINE) {
      const match = rule.pattern.exec(rest);
      if (match && (!best || match.index < best.match.index)) best = { match, rule };
    }
    if (!best) break;
    if (best.match.index) nodes.push(rest.slice(0, best.match.index));
    nodes.push(best.rule.make(best.match, names));
    rest = rest.slice(best.match.index + best.match[0].length);
  }
  if (rest) nodes.push(rest);
  return nodes;
}

const cells = (line) => line.trim().replace(/^\|/, "").replace(/\|$/, "").split("|").map((cell) => cell.trim());
const isRule = (line) => /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(line) && line.includes("|");
const isItem = (line) => /^\s*([-*+]|\d+[.)])\s+/.test(line);
const isHeading = (line) => /^#{1,6}\s+/.test(line);
const isBreak = (line) => /^\s*(-{3,}|\*{3,})\s*$/.test(line);

function table(lines, names) {
  const aligns = cells(lines[1]).map((rule) => (rule.endsWith(":") ? (rule.startsWith(":") ? "center" : "right") : "left"));
  const row = (line, tag) =>
    element("tr", {}, cells(line).map((cell, i) => element(tag, { className: `to-${aligns[i] ?? "left"}` }, inline(cell, names))));
  const body = element("tbody", {}, lines.slice(2).map((line) => row(line, "td")));
  const grid = element("table", {}, [element("thead", {}, [row(lines[0], "th")]), body]);
  return element("div", { className: "table" }, [grid]);
}

function list(lines, names) {
  const read = (line) => /^(\s*)([-*+]|\d+[.)])\s+(.*)$/.exec(line);
  const first = read(lines[0]);
  const ordered = /\d/.test(first[2]);
  const node = element(ordered ? "ol" : "ul");
  if (ordered) node.start = parseInt(first[2], 10);
  let i = 0;
  while (i < lines.length) {
    const item = element("li", {}, inline(read(lines[i])?.[3] ?? lines[i].trim(), names));
    const inner = [];
    for (i += 1; i < lines.length && (read(lines[i])?.[1].length ?? 0) > first[1].length; i += 1) inner.push(lines[i]);
    if (inner.length) item.append(list(inner, names));
    node.append(item);
  }
  return node;
}

function paragraph(lines, names) {
  const node = element("p");
  lines.forEach((line, i) => node.append(...(i ? [element("br")] : []), ...inline(line, names)));
  return node;
}

// How many lines from `start` belong together, by the rule that the first of them shows.
function span(lines, start, belongs) {
  let end = start + 1;
  while (end < lines.length && belongs(lines[end])) end += 1;
  return end;
}

function block(lines, i, names) {
  const line = lines[i];
  if (/^\s*```/.test(line)) {
    const end = span(lines, i, (next) => !/^\s*```/.test(next));
    return [end + 1, element("pre", {}, [element("code", {}, [lines.slice(i + 1, end).join("\n")])])];
  }
  if (isHeading(line)) {
    const [, marks, words] = /^(#{1,6})\s+(.*)$/.exec(line);
    return [i + 1, element("p", { className: `heading h${marks.length}`, role: "heading", ariaLevel: String(marks.length + 2) }, inline(words, names))];
  }
  if (isBreak(line)) return [i + 1, element("hr")];
  if (/^\s*>/.test(line)) {
    const end = span(lines, i, (next) => /^\s*>/.test(next));
    return [end, element("blockquote", {}, blocks(lines.slice(i, end).map((next) => next.replace(/^\s*>\s?/, "")), names))];
  }
  if (line.includes("|") && isRule(lines[i + 1] ?? "")) {
    const end = span(lines, i + 1, (next) => next.includes("|"));
    return [end, table(lines.slice(i, end), names)];
  }
  if (isItem(line)) {
    const ordered = (item) => /^\s*\d/.test(item); // another kind of mark at the same depth begins another list
    const depth = (item) => item.search(/\S/);
    const end = span(lines, i, (next) => isItem(next) && (depth(next) > depth(line) || ordered(next) === ordered(line)));
    return [end, list(lines.slice(i, end), names)];
  }
  const plain = (next) =>
    next.trim() && !isHeading(next) && !isItem(next) && !isBreak(next) && !/^\s*(>|```)/.test(next) && !(next.includes("|"));
  const end = span(lines, i, plain);
  return [end, paragraph(lines.slice(i, end), names)];
}

function blocks(lines, names) {
  const nodes = [];
  let i = 0;
  while (i < lines.length) {
    if (!lines[i].trim()) {
      i += 1;
      continue;
    }
    const [next, node] = block(lines, i, names);
    nodes.push(node);
    i = next;
  }
  return nodes;
}

// `names` maps user ids to display names, for <@userid>.
export function markdown(text, names) {
  return blocks(text.replace(/\r\n?/g, "\n").split("\n"), names);
}
