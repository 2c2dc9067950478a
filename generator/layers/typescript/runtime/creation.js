// Creating an object once although responses get lost: its list is read before the first attempt, and after a loss.
import { OutcomeUnknown, ProcwiseError } from "./errors.js";
import { repeat } from "./calls.js";
import { hasUnknownEffect, isUnsent, mayRunLong, mayStillRun } from "./retrying.js";

/**
 * @typedef {import("./calls.js").Call} Call
 * @typedef {import("./responses.js").Answer} Answer
 * @typedef {{ [name: string]: unknown }} Item
 */
const MOST_PAGES = 5; // a longer list would cost more than the certainty is worth
const LOOKS = [2, 4, 8]; // times the first wait: what a server does with a request whose connection broke takes a while
/** The creations that look alike and are under way; one is alone if no other one was so meanwhile. @type {Map<string, Set<{ isAlone: boolean }>>} */
const UNDER_WAY = new Map();

/**
 * The answer of the first attempt that took effect, or the object that a lost one created.
 * @param {Call} call
 * @returns {Promise<Answer>}
 */
export async function create(call) {
  const key = keyOf(call);
  const alike = UNDER_WAY.get(key) ?? new Set();
  const own = { isAlone: alike.size === 0 };
  for (const other of alike) other.isAlone = false;
  UNDER_WAY.set(key, alike.add(own));
  try {
    const before = call.operation.lookup && call.settings.maxRetries ? await look(call) : null;
    return await attemptUntilCreated(call, before && new Set(before.map((item) => item.id)), own);
  } finally {
    alike.delete(own);
    if (!alike.size) UNDER_WAY.delete(key);
  }
}

/** @param {Call} call */
function keyOf(call) {
  const match = call.operation.lookup?.match ?? [];
  return JSON.stringify([call.session.baseUrl, call.prepared.path, match.map((name) => normalize(call.values[name]))]);
}

/**
 * @param {Call} call
 * @param {Set<unknown> | null} before
 * @param {{ isAlone: boolean }} creation
 * @returns {Promise<Answer>}
 */
async function attemptUntilCreated(call, before, creation) {
  for (;;) {
    const made = await call.attempt();
    if (!(made instanceof ProcwiseError)) return made;
    if (!hasUnknownEffect(made)) {
      const mayRepeat = call.mayGoOn(made) && (before !== null || isUnsent(made));
      if (!mayRepeat || !(await call.pause(made))) throw made;
      const found = isUnsent(made) || before === null ? null : await findCreated(call, made, before, creation);
      if (found) return found;
      continue;
    }
    if (before === null) throw call.settings.maxRetries ? describeUnknown(call, made, []) : made;
    const isLast = !call.mayGoOn(made);
    const found = await lookAfterLoss(call, made, before, creation);
    if (found) return found;
    if (isLast) throw made;
  }
}

/**
 * @param {Call} call
 * @param {ProcwiseError} error
 * @param {Set<unknown>} before
 * @param {{ isAlone: boolean }} creation
 */
async function lookAfterLoss(call, error, before, creation) {
  if (!(await call.pause(error))) throw describeUnknown(call, error, []);
  const waits = mayStillRun(error) ? LOOKS.map((times) => Math.min(times * call.settings.firstWaitMs, call.settings.longestWaitMs)) : [];
  for (const milliseconds of [0, ...waits.filter(Boolean)]) {
    if (!call.hasTime(milliseconds)) throw describeUnknown(call, error, []);
    if (milliseconds) await call.sleep(milliseconds);
    const found = await findCreated(call, error, before, creation);
    if (found) return found;
  }
  if (mayRunLong(error)) throw describeUnknown(call, error, []);
  return null;
}

/**
 * The created object, null if nothing like it has appeared; throws if that is not known.
 * @param {Call} call
 * @param {ProcwiseError} error
 * @param {Set<unknown>} before
 * @param {{ isAlone: boolean }} creation
 * @returns {Promise<Answer | null>}
 */
async function findCreated(call, error, before, creation) {
  const now = await look(call);
  if (now === null) throw describeUnknown(call, error, []);
  const match = call.operation.lookup?.match ?? [];
  const likely = now.filter((item) => !before.has(item.id) && match.every((name) => isLike(call.values[name], item[name])));
  const [own] = likely;
  if (!own) return null;
  const isSure = likely.length === 1 && creation.isAlone && call.operation.lookup?.whole && showsWhatWasSent(call, own);
  if (!isSure) throw describeUnknown(call, error, likely.map((item) => item.id));
  return { value: own, headers: new Headers(), status: 200 };
}

/** Whether every member that was sent and is shown is the same. @param {Call} call @param {Item} item */
function showsWhatWasSent(call, item) {
  const sent = call.operation.arguments.filter((one) => one.place === "body" && call.values[one.name] !== undefined);
  return sent.every((one) => !(one.wire in item) || isLike(call.values[one.name], item[one.wire]));
}

/** @param {unknown} sent @param {unknown} stored */
function isLike(sent, stored) {
  return sent === undefined || stored === undefined || normalize(sent) === normalize(stored) || isSameMoment(sent, stored);
}

/** The value without what servers change: case, blanks, and how accents are written. @param {unknown} value */
function normalize(value) {
  const text = value instanceof Date ? value.toISOString() : typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
  return text.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

/** @param {unknown} sent @param {unknown} stored */
function isSameMoment(sent, stored) {
  const isMoment = /^\d{4}-\d\d-\d\dT/.test(String(stored));
  return isMoment && new Date(/** @type {any} */ (sent)).getTime() === Date.parse(String(stored));
}

/** All objects of the list; null if it cannot be read or is too long. @param {Call} call @returns {Promise<Item[] | null>} */
async function look(call) {
  const id = call.operation.lookup?.operation ?? "";
  const operation = call.session.service.operations[id];
  const parents = call.operation.arguments.filter((one) => one.place === "path").map((one) => call.values[one.name]);
  const places = operation?.arguments.filter((one) => one.place === "path") ?? [];
  const values = Object.fromEntries(places.map((one, at) => [one.name, parents[at]]));
  /** @type {Item[]} */
  const items = [];
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const { paging } = operation ?? {};
    const asked = paging ? { [paging.page]: number, [paging.limit]: paging.most } : {};
    try {
      const reading = call.startReading(id, { ...values, ...asked });
      const { value, headers } = await repeat(reading, true);
      if (!Array.isArray(value) || value.some((item) => item?.id === undefined)) return null;
      items.push(...value);
      const pages = paging ? Number(headers.get(paging.pageCount) ?? NaN) : 1;
      if (Number.isNaN(pages) ? !value.length : number >= pages) return items;
    } catch (error) {
      if (error instanceof ProcwiseError) return null;
      throw error;
    }
  }
  return null;
}

/** @param {Call} call @param {ProcwiseError} error @param {readonly unknown[]} candidates */
function describeUnknown(call, error, candidates) {
  const which = candidates.length ? ` Its id may be ${candidates.slice(0, 5).join(" or ")}.` : "";
  const message = `${error.message.replace(/\.$/, "")}. It may exist, which is not known.${which} Look before you create it again.`;
  const unknown = new OutcomeUnknown(message, { method: error.method, path: error.path, headers: error.headers, retryAfterMs: error.retryAfterMs }, candidates);
  unknown.attempts = call.attempts;
  return unknown;
}
