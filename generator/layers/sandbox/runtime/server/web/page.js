"use strict";

const MOST_MESSAGES = 50;
const EVERY_MS = 1000;
let paused = false;
let outboxOpen = true;

const at = (id) => document.getElementById(id);

// Everything that comes from a request becomes text, never markup.
function made(tag, classes, ...inside) {
  const element = document.createElement(tag);
  element.className = classes;
  element.append(...inside.map((part) => (part instanceof Node ? part : String(part))));
  return element;
}

function copyButton(label, text) {
  const button = made("button", "", "Copy");
  button.type = "button";
  button.setAttribute("aria-label", `Copy ${label}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not allowed";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
  return button;
}

function userCard(user) {
  const secrets = [["token", user.token], ["secret key", user.secret_key]].map(([name, value]) =>
    made("div", "secret", made("span", "", name), made("code", "", value), copyButton(`${name} of ${user.label}`, value)));
  return made("div", "user", made("div", "head", made("h3", "", user.label), made("p", "", user.about)), ...secrets);
}

function sampleCard(sample) {
  const bar = made("div", "bar", made("h3", "", sample.title), copyButton(`the lines for ${sample.title}`, sample.code));
  return made("div", "sample", bar, made("pre", "", made("code", "", sample.code)));
}

async function asked(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) {
    throw new Error(`${path} answers with ${response.status}`);
  }
  return response.json();
}

async function introduce() {
  const facts = await asked("/page.json");
  document.title = `${facts.name}: requests and outbox`;
  at("name").textContent = facts.name;
  at("base").replaceChildren(made("code", "", facts.base_url), copyButton("the base URL", facts.base_url), made("span", "hint", `serves ${facts.apis.join(" and ")}`));
  at("users").replaceChildren(...facts.users.map(userCard));
  at("samples").replaceChildren(...facts.samples.map(sampleCard));
  at("start").hidden = facts.samples.length === 0;
  at("hidden").textContent = facts.hidden;
  at("hidden").hidden = facts.hidden === "";
  outboxOpen = facts.hidden === "";
}

function requestRow(entry) {
  const judged = { "": ["", "not judged"], ok: ["ok", "ok"] }[entry.verdict] ?? ["bad", entry.verdict];
  const verdict = [made("span", `verdict ${judged[0]}`, judged[1]), ...(entry.cause ? [made("span", "cause", entry.cause)] : [])];
  const request = [made("span", "method", entry.method), made("code", "", entry.path), ...(entry.operation ? [made("span", "operation", entry.operation)] : [])];
  const row = made("tr", "",
    made("td", "time", new Date(entry.time).toLocaleTimeString()),
    made("td", "", ...request),
    made("td", entry.status >= 400 ? "failed" : "", entry.status),
    made("td", "", ...verdict),
    made("td", "number", entry.ms.toFixed(1)));
  row.setAttribute("role", "row");
  [...row.cells].forEach((cell) => cell.setAttribute("role", "cell"));
  return row;
}

// Shows what the server has now, the newest first, and drops the rest. What stays is kept: it may be open, or read.
function shown(place, things, keyOf, elementOf) {
  const held = new Map([...place.children].map((element) => [element.dataset.key, element]));
  const wanted = things.map((thing) => {
    const key = String(keyOf(thing));
    const element = held.get(key) ?? elementOf(thing);
    element.dataset.key = key;
    return element;
  }).reverse();
  [...place.children].filter((element) => !wanted.includes(element)).forEach((element) => element.remove());
  wanted.forEach((element, index) => {
    if (place.children[index] !== element) {
      place.insertBefore(element, place.children[index] ?? null);
    }
  });
  return wanted.length > 0;
}

function showRequests({ entries }) {
  const processes = new Set(entries.map(({ process }) => process)).size;
  at("workers").textContent = processes > 1 ? `${processes} processes have answered these.` : "";
  at("log-empty").hidden = shown(at("log"), entries, ({ process, number }) => `${process} ${number}`, requestRow);
}

function messageCard(message) {
  const summary = made("summary", "", message.subject, made("span", "", `to ${message.name} <${message.to}>, ${new Date(message.sent_at).toLocaleTimeString()}`));
  return made("details", "", summary, made("pre", "", message.text));
}

function showMessages({ messages }) {
  at("outbox-empty").hidden = shown(at("outbox"), messages, ({ id }) => id, messageCard);
}

async function look() {
  if (!paused && !document.hidden) {
    try {
      if (document.title === "Sandbox") {
        await introduce();
      }
      showRequests(await asked("/log.json"));
      if (outboxOpen) {
        showMessages(await asked(`/outbox?limit=${MOST_MESSAGES}`));
      }
      tell("Live", false);
    } catch (error) {
      tell(`No response: ${error.message}`, true);
    }
  }
  setTimeout(look, EVERY_MS);
}

function tell(text, bad) {
  if (at("status").textContent !== text) { // what stays the same is not read out again
    at("status").textContent = text;
    at("status").className = bad ? "bad" : "";
  }
}

at("pause").addEventListener("click", () => {
  paused = !paused;
  at("pause").textContent = paused ? "Go on" : "Pause";
  at("pause").setAttribute("aria-pressed", String(paused));
  tell(paused ? "Paused" : "Live", false);
});
look();
