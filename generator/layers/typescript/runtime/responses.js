// Responses as values, and error responses as errors that say what to do.
import { ApiError, ResponseDamaged, UnexpectedResponse, WrongBaseUrl } from "./errors.js";
import { Download } from "./files.js";
import { readValues } from "./json.js";
import { leavesEffectUnknown, readRetryAfter } from "./retrying.js";

/**
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./request.js").PreparedRequest} PreparedRequest
 * @typedef {import("./description.js").Operation} Operation
 */
const MESSAGES = ["error", "message", "detail", "title", "reason", "error_description"];
const HOLDERS = ["errors", "error", "messages", "fields", "details", "violations"];
const LONGEST_TEXT = 500;
const NEVER_A_FILE = /^(?:text\/html|application\/(?:xhtml\+xml|json))/i;

/** What an attempt brought. @typedef {{ value: unknown, headers: Headers, status: number }} Answer */

/** What all errors of a response say. @param {Session} session @param {PreparedRequest} prepared @param {Response} response */
function describe(session, prepared, response) {
  const redactor = session.redactor.withSent(prepared.sent);
  const headers = [...response.headers].filter(([name]) => !name.startsWith("set-cookie")).map(([name, value]) => [name, redactor.text(value)]);
  return {
    method: prepared.method,
    path: redactor.text(prepared.path),
    headers: Object.fromEntries(headers),
    retryAfterMs: readRetryAfter(response.headers),
    mayHaveTakenEffect: prepared.mayChange,
  };
}

/**
 * The value of a success; throws for every other response.
 * @param {Session} session
 * @param {PreparedRequest} prepared
 * @param {Operation} operation
 * @param {Response} response
 * @returns {Promise<Answer>}
 */
export async function readAnswer(session, prepared, operation, response) {
  const about = describe(session, prepared, response);
  const place = `${about.method} ${about.path}`;
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    throw new WrongBaseUrl(`${place}: the server sends a redirect, which a signed request cannot follow; check the base URL`, about);
  }
  if (!response.ok) throw await readError(session, prepared, response, about);
  const { headers, status } = response;
  if (operation.answer === "file") {
    if (!NEVER_A_FILE.test(headers.get("content-type") ?? "")) return { value: new Download(response), headers, status };
    throw new UnexpectedResponse(`${place}: the response is no file, but ${headers.get("content-type")}`, about);
  }
  const text = await response.text();
  if (operation.answer === "nothing" && !text.trim()) return { value: undefined, headers, status };
  return { value: unwrap(operation, parse(text, headers, place, about), place, about), headers, status };
}

/**
 * @param {string} text
 * @param {Headers} headers
 * @param {string} place
 * @param {Partial<import("./errors.js").ErrorDetails>} about
 */
function parse(text, headers, place, about) {
  try {
    return readValues(text);
  } catch {
    if (/html/i.test(headers.get("content-type") ?? "")) {
      throw new WrongBaseUrl(`${place}: the response is a page and no JSON: is this the API? Check the base URL`, about);
    }
    throw new ResponseDamaged(`${place}: the response is JSON that is damaged or was cut short`, about);
  }
}

/**
 * @param {Operation} operation
 * @param {unknown} data
 * @param {string} place
 * @param {Partial<import("./errors.js").ErrorDetails>} about
 */
function unwrap(operation, data, place, about) {
  if (!operation.wrapper) return data;
  if (isObject(data) && operation.wrapper in data) return data[operation.wrapper];
  throw new UnexpectedResponse(`${place}: the response has no member ${operation.wrapper}`, about);
}

/**
 * @param {Session} session
 * @param {PreparedRequest} prepared
 * @param {Response} response
 * @param {import("./errors.js").ErrorDetails} about
 */
async function readError(session, prepared, response, about) {
  const redactor = session.redactor.withSent(prepared.sent);
  const text = await response.text();
  const data = readLoosely(text);
  const places = [data, ...(isObject(data) ? [data.error, data.fault] : [])].filter(isObject);
  const { codeMembers, codes } = session.service;
  const code = redactor.text(readText(places, codeMembers));
  const message = redactor.text(typeof data === "string" ? "" : readText(places, MESSAGES.filter((name) => !codeMembers.includes(name))));
  const { meaning, hint } = Object.hasOwn(codes, code) ? codes[code] ?? { meaning: "", hint: "" } : { meaning: "", hint: "" };
  const start = [`${about.method} ${about.path}: ${response.status}`, message, code && `[${code}]`].filter(Boolean).join(" ");
  const masked = redactor.data(data);
  const errors = readFields(masked);
  const fields = Object.entries(errors).map(([name, texts]) => `${name}: ${texts.join(", ")}`).join("; ");
  const kind = session.errors[response.status] ?? ApiError;
  return new kind(joinSentences([start, meaning, fields, fields ? "" : hint]), {
    ...about,
    mayHaveTakenEffect: prepared.mayChange && leavesEffectUnknown(response.status),
    status: response.status,
    code,
    meaning,
    hint,
    requestId: redactor.text(response.headers.get("x-request-id") ?? ""),
    body: typeof masked === "string" ? masked.slice(0, LONGEST_TEXT) : masked,
    errors,
  });
}

/** @param {string[]} texts */
const joinSentences = (texts) => texts.filter(Boolean).map((text) => text.replace(/\.$/, "")).join(". ");

/** @param {string} text @returns {unknown} */
function readLoosely(text) {
  try {
    return readValues(text);
  } catch {
    return text || null;
  }
}

/** @param {unknown} value @returns {value is { [name: string]: unknown }} */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @param {{ [name: string]: unknown }[]} places @param {readonly string[]} names */
function readText(places, names) {
  const texts = places.flatMap((place) => names.map((name) => place[name])).filter((text) => typeof text === "string");
  return texts.map((text) => text.split(/\s+/).join(" ").trim()).find(Boolean)?.slice(0, LONGEST_TEXT) ?? "";
}

/**
 * The messages by field, from a member such as `errors`.
 * @param {unknown} body
 * @returns {{ [field: string]: string[] }}
 */
function readFields(body) {
  for (const holder of isObject(body) ? HOLDERS : []) {
    const found = isObject(body) ? body[holder] : undefined;
    const pairs = isObject(found) ? Object.entries(found).map(([name, texts]) => [name, [texts].flat().filter((text) => typeof text === "string")]) : [];
    const kept = pairs.filter(([, texts]) => texts?.length);
    if (kept.length) return Object.fromEntries(kept);
  }
  return {};
}
