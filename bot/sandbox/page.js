// The sandbox's page: what the state says is drawn; what people do goes to the API; what happens comes as events.

import { element, markdown } from "/sandbox/markdown.js";

const $ = (id) => document.getElementById(id);
const GAP = 5 * 60 * 1000; // a new time stamp after five quiet minutes
const HUES = 7;
const ROUTES = { main: "智能机器人", app: "自建应用" };
const WEEKDAYS = "日一二三四五六";
const ZONE_SUFFIX = /(?:[+-]\d\d:\d\d|Z)$/;

const state = { bot: {}, members: [], chats: [], messages: new Map(), names: new Map(), chat: "", speaker: {}, quote: "", unread: new Map(), clock: { base: 0, seen: 0 } };

// time: the sandbox's local time is kept as if it were UTC, so that the browser's own zone does not matter

const local = (iso) => Date.parse(iso.replace(ZONE_SUFFIX, "").slice(0, 23) + "Z");
const two = (number) => String(number).padStart(2, "0");
const now = () => state.clock.base + (state.clock.running ? performance.now() - state.clock.seen : 0);

function hour(moment) {
  const date = new Date(moment);
  return `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
}

function day(moment) {
  const date = new Date(moment);
  return `${date.getUTCFullYear()}年${date.getUTCMonth() + 1}月${date.getUTCDate()}日 周${WEEKDAYS[date.getUTCDay()]}`;
}

function stamp(moment) {
  const days = Math.floor(now() / 864e5) - Math.floor(moment / 864e5);
  if (days === 0) return hour(moment);
  if (days === 1) return `昨天 ${hour(moment)}`;
  return `${day(moment)} ${hour(moment)}`;
}

function setClock(clock) {
  Object.assign(state.clock, { base: local(clock.now), seen: performance.now(), running: clock.running ?? state.clock.running });
  drawClock();
  $("clock-set").value = new Date(now()).toISOString().slice(0, 16);
}

function drawClock() {
  $("now-time").textContent = hour(now());
  $("now-date").textContent = day(now());
  document.querySelectorAll(".now-short").forEach((node) => (node.textContent = hour(now())));
}

// faces

function hue(id) {
  if (id === "bot") return "hue-bot";
  const index = state.members.findIndex((member) => member.id === id);
  return `hue-${(index < 0 ? 6 : index) % HUES}`;
}

function avatar(id, name, small = false) {
  const letters = id === "bot" ? "站" : name.slice(small ? -1 : -2);
  return element("span", { className: `avatar ${hue(id)}${small ? " small" : ""}`, ariaHidden: "true" }, [letters]);
}

// conversations

const chatOf = (id) => state.chats.find((chat) => chat.id === id);
const ofChat = (id) => [...state.messages.values()].filter((message) => message.chat === id);
const speaker = () => state.speaker[state.chat] ?? chatOf(state.chat)?.members[0];
const line = (text) => text.replace(/<[^>]*>/g, "").replace(/[#*`>|]|^\s*[-:| ]+$/gm, " ").replace(/\s+/g, " ").trim();

function summary(message) {
  if (!message) return "";
  const what = message.kind === "image" ? "[图片]" : message.kind === "file" ? `[文件] ${message.content}` : line(message.content);
  return chatOf(message.chat)?.type === "group" ? `${message.name}：${what}` : what;
}

function chatEntry(chat) {
  const last = ofChat(chat.id).at(-1);
  const face =
    chat.type === "group"
      ? element("span", { className: "avatar hue-group", ariaHidden: "true" }, ["群"])
      : avatar("bot", state.bot.name);
  const title = chat.type === "group" ? chat.name : `${chat.name}（${state.names.get(chat.members[0])}）`;
  const count = state.unread.get(chat.id);
  const button = element("button", { type: "button", onclick: () => open(chat.id) }, [
    face,
    element("span", { className: "name" }, [title]),
    element("span", { className: "unread", ariaLabel: count ? `${count} 条未读` : "" }, [count ? String(count) : ""]),
    element("span", { className: "last" }, [summary(last) || chat.unit || "还没有消息"]),
  ]);
  button.setAttribute("aria-current", String(chat.id === state.chat));
  return element("li", {}, [button]);
}

// Single chats: those of the person who speaks now, and every one in which something was said.
function singles() {
  const person = speaker();
  return state.chats.filter((chat) => chat.type === "single" && (chat.members[0] === person || ofChat(chat.id).length));
}

function drawChats() {
  $("groups").replaceChildren(...state.chats.filter((chat) => chat.type === "group").map(chatEntry));
  $("singles").replaceChildren(...singles().map(chatEntry));
  const unread = [...state.unread.values()].reduce((sum, count) => sum + count, 0);
  $("back-unread").textContent = unread ? String(unread) : "";
}

function open(id) {
  state.chat = id;
  state.unread.delete(id);
  document.body.dataset.view = "chat";
  setQuote("");
  drawChats();
  drawHead();
  drawSpeakers();
  drawMessages();
  try {
    localStorage.setItem("kakou-sandbox-chat", id);
  } catch {
    // private windows keep nothing, and nothing depends on it
  }
}

function drawHead() {
  const chat = chatOf(state.chat);
  $("chat-name").textContent = chat.type === "group" ? `${chat.name}（${chat.members.length + 1}）` : chat.name;
  $("chat-unit").textContent = chat.type === "group" ? chat.unit || "未绑定单位" : `${state.names.get(chat.members[0])} 的单聊 · ${ROUTES[chat.route]}`;
  $("mention").hidden = chat.type === "single";
  $("attach").hidden = chat.type === "group"; // files of groups do not reach the bot
  $("text").placeholder = chat.type === "group" ? `发消息，@${state.bot.name} 它才听得到` : `发消息给 ${state.bot.name}`;
}

function speakerLabel(id) {
  const member = state.members.find((candidate) => candidate.id === id) ?? { id, name: id, role: "" };
  const input = element("input", { type: "radio", name: "speaker", value: id, checked: id === speaker() });
  input.addEventListener("change", () => {
    state.speaker[state.chat] = id;
    drawChats();
    drawMessages();
    $("text").focus();
  });
  const role = member.role ? [element("span", { className: "role" }, [member.role])] : [];
  return element("label", {}, [input, avatar(id, member.name, true), member.name, ...role]);
}

function drawSpeakers() {
  $("speakers").replaceChildren(...chatOf(state.chat).members.map(speakerLabel));
}

// messages

function plain(text) {
  const mark = `@${state.bot.name}`;
  const nodes = text.split(/([@＠][^\s@＠，,。:：]+)/).map((part) => {
    const hit = part.startsWith("@") || part.startsWith("＠");
    return hit && part.slice(1).startsWith(mark.slice(1)) ? [element("span", { className: "mention" }, [part.slice(0, mark.length)]), part.slice(mark.length)] : [part];
  });
  return element("div", { className: "plain" }, nodes.flat());
}

function fileIcon() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M6 3h8l4 4v14H6zM14 3v4h4M9 13h6M9 17h6");
  svg.append(path);
  return svg;
}

function body(message) {
  const href = `/sandbox/api/media/${encodeURIComponent(message.media)}`;
  if (message.kind === "image") return element("img", { src: href, alt: "图片" });
  if (message.kind === "file") return element("a", { className: "file", href, download: message.content }, [fileIcon(), message.content]);
  if (message.kind === "markdown") return element("div", { className: "md" }, markdown(message.content, state.names));
  return plain(message.content);
}

const VIA = { passive: "", response_url: "稍后回复", webhook: "群推送", "message/send": "应用消息" };

function foot(message) {
  const parts = [];
  if (message.delivery) parts.push(element("span", { className: message.failed ? "failed" : "" }, [message.delivery]));
  if (VIA[message.via]) parts.push(element("span", {}, [VIA[message.via]]));
  if (message.content && chatOf(message.chat)?.route === "main") {
    const text = message.content;
    parts.push(element("button", { type: "button", onclick: () => setQuote(text), ariaLabel: `引用 ${message.name} 的消息` }, ["引用"]));
  }
  return element("div", { className: "foot" }, parts);
}

function messageNode(message) {
  const own = message.sender === speaker();
  const tag = message.sender === "bot" ? [element("span", { className: "tag" }, ["机器人"])] : [];
  const quoted = message.quote ? [element("div", { className: "quoted" }, [message.quote])] : [];
  const node = element("li", { className: `message${own ? " own" : ""}` }, [
    avatar(message.sender, message.name),
    element("div", { className: "who" }, [message.name, ...tag]),
    element("div", { className: `bubble${message.kind === "image" ? " picture" : ""}` }, [...quoted, body(message)]),
    foot(message),
  ]);
  node.dataset.number = message.number;
  node.dataset.sender = message.sender;
  return node;
}

function needsStamp(message, previous) {
  return !previous || Math.abs(local(message.at) - local(previous.at)) > GAP;
}

function append(message, previous) {
  const list = $("messages");
  if (needsStamp(message, previous)) list.append(element("li", { className: "stamp" }, [stamp(local(message.at))]));
  list.append(messageNode(message));
}

function drawMessages() {
  const messages = ofChat(state.chat);
  const inGroup = chatOf(state.chat).type === "group";
  const words = inGroup ? `还没有人说话。选一个人，点一条示例，或者直接 @${state.bot.name}。` : "还没有消息。直接说就行，不用 @；表格也可以发在这里。";
  $("messages").replaceChildren(...(messages.length ? [] : [element("li", { className: "empty" }, [words])]));
  messages.forEach((message, i) => append(message, messages[i - 1]));
  toEnd();
}

function toEnd() {
  const list = $("messages");
  list.scrollTop = list.scrollHeight;
  list.querySelectorAll("img").forEach((image) => image.addEventListener("load", () => (list.scrollTop = list.scrollHeight), { once: true }));
}

function arrive(message) {
  const known = state.messages.has(message.number);
  const previous = ofChat(message.chat).at(-1);
  state.messages.set(message.number, message);
  if (message.chat !== state.chat || document.body.dataset.view === "list") {
    if (!known && message.chat !== state.chat) state.unread.set(message.chat, (state.unread.get(message.chat) ?? 0) + 1);
  }
  if (message.chat === state.chat) {
    const old = $("messages").querySelector(`[data-number="${message.number}"]`);
    if (old) old.replaceWith(messageNode(message));
    else {
      $("messages").querySelector(".empty")?.remove();
      append(message, previous);
      toEnd();
    }
  }
  drawChats();
}

// doing

const post = (path, content) => ask(path, "application/json", JSON.stringify(content));

async function ask(path, type, body) {
  const response = await fetch(path, { method: "POST", headers: { "Content-Type": type }, body });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.problem || `HTTP ${response.status}`);
  return answer;
}

let toastTimer = 0;
function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("toast").hidden = true), 4000);
}

function setQuote(text) {
  state.quote = text;
  $("quote").hidden = !text;
  $("quote-text").textContent = text ? `引用：${line(text)}` : "";
  if (text) $("text").focus();
}

function fit() {
  const box = $("text");
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
  $("send").disabled = !box.value.trim();
}

function fill(text) {
  $("text").value = text;
  fit();
  showTools(false);
  $("text").focus();
}

function mention() {
  const box = $("text");
  const at = `@${state.bot.name} `;
  box.setRangeText(at, box.selectionStart, box.selectionEnd, "end");
  fit();
  box.focus();
}

async function send() {
  const text = $("text").value.trim();
  if (!text) return;
  const said = { member: speaker(), chat: state.chat, text, quote: state.quote };
  fill("");
  setQuote("");
  try {
    await post("/sandbox/api/say", said);
  } catch (error) {
    toast(`没有发出去：${error.message}`);
    if (!$("text").value) fill(text);
  }
}

async function sendFile() {
  const [file] = $("file").files;
  $("file").value = "";
  if (!file) return;
  const query = new URLSearchParams({ member: speaker(), chat: state.chat, name: file.name });
  $("attach").disabled = true;
  try {
    await ask(`/sandbox/api/file?${query}`, "application/octet-stream", file);
  } catch (error) {
    toast(`文件没有发出去：${error.message}`);
  }
  $("attach").disabled = false;
}

async function moveClock(change) {
  const buttons = document.querySelectorAll(".steps button");
  buttons.forEach((button) => (button.disabled = true));
  try {
    setClock(await post("/sandbox/api/clock", change));
  } catch (error) {
    toast(`时钟没有动：${error.message}`);
  }
  buttons.forEach((button) => (button.disabled = false));
}

function showTools(shown) {
  $("tools").classList.toggle("open", shown);
  $("shade").hidden = !shown;
  $("tools-open").setAttribute("aria-expanded", String(shown));
  if (shown) $("tools-close").focus();
}

function sampleEntry(sample) {
  const button = element("button", { type: "button", onclick: () => fill(sample.text) }, [
    element("b", {}, [sample.title]),
    element("span", {}, [sample.text.replaceAll("\n", " ")]),
  ]);
  return element("li", {}, [button]);
}

// the beginning, and every new beginning after a lost connection

async function load() {
  const fresh = await (await fetch("/sandbox/api/state")).json();
  Object.assign(state, { bot: fresh.bot, members: fresh.members, chats: fresh.chats });
  state.names = new Map(fresh.members.map((member) => [member.id, member.name]));
  state.messages = new Map(fresh.messages.map((message) => [message.number, message]));
  $("samples").replaceChildren(...fresh.samples.map(sampleEntry));
  $("mention").textContent = `@${fresh.bot.name}`;
  setClock(fresh.clock);
  let kept = "";
  try {
    kept = localStorage.getItem("kakou-sandbox-chat") ?? "";
  } catch {
    // as above
  }
  const view = document.body.dataset.view;
  open(chatOf(state.chat || kept)?.id ?? fresh.chats[0].id);
  document.body.dataset.view = view;
}

function listen() {
  const events = new EventSource("/sandbox/api/events");
  events.onopen = async () => {
    await load();
    $("offline").hidden = true;
    document.body.dataset.ready = "true";
  };
  events.onerror = () => ($("offline").hidden = false);
  events.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === "message") arrive(event.message);
    if (event.type === "clock") setClock(event);
  };
}

$("text").addEventListener("input", fit);
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
$("mention").addEventListener("click", mention);
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", sendFile);
$("quote-drop").addEventListener("click", () => setQuote(""));
$("back").addEventListener("click", () => (document.body.dataset.view = "list"));
$("tools-open").addEventListener("click", () => showTools(true));
$("tools-close").addEventListener("click", () => showTools(false));
$("shade").addEventListener("click", () => showTools(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && showTools(false));
document.querySelectorAll("[data-clock]").forEach((button) => button.addEventListener("click", () => moveClock(JSON.parse(button.dataset.clock))));
$("clock-form").addEventListener("submit", (event) => {
  event.preventDefault();
  moveClock({ set: $("clock-set").value });
});
setInterval(drawClock, 1000);
fit();
listen();
