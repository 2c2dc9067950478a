// A call as a request: prepared once, signed anew for every attempt.
import { InvalidArgument } from "./errors.js";
import { procwiseBytes, procwiseRequest, procwiseTexts } from "./evaluator.js";
import { toPart } from "./files.js";
import { toText, toValue, writeJson } from "./json.js";

/**
 * @typedef {import("./description.js").Argument} Argument
 * @typedef {import("./evaluator.js").Value} Value
 * @typedef {import("./evaluator.js").Pairs} Pairs
 */
const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";
const READING = ["GET", "HEAD", "OPTIONS"];
const WITHOUT_BODY = ["GET", "HEAD", "DELETE"];
/** @type {{ readonly [style: string]: string }} */
const SEPARATORS = { form: ",", spaceDelimited: " ", pipeDelimited: "|" };

export class PreparedRequest {
  #session;
  #operation;
  /** @type {Map<string, string>} */
  #path;
  /** @type {Map<string, Value>} */
  #query;
  /** @type {Map<string, Value>} */
  #members;
  /** @type {[Argument, unknown][]} */
  #files;
  /** @type {Map<string, string>} */
  #headers;
  #url;
  /** @type {string | Uint8Array | null} */
  #whole;

  /**
   * @param {import("./session.js").Session} session
   * @param {import("./description.js").Operation} operation
   * @param {import("./description.js").Arguments} values
   * @param {{ readonly [name: string]: string }} headers
   */
  constructor(session, operation, values, headers) {
    this.#session = session;
    this.#operation = operation;
    this.sent = values;
    const given = readArguments(operation, values);
    this.#path = new Map(pick(given, "path").map(([one, value]) => [one.wire, toPathText(one, value)]));
    this.#query = new Map(pick(given, "query").flatMap(writeQuery));
    this.#files = pick(given, "body").filter(([one]) => one.file);
    this.#members = new Map(pick(given, "body").filter(([one]) => !one.file).flatMap(([one, value]) => this.#writeMember(one, value)));
    this.#headers = new Map(pick(given, "header").map(([one, value]) => [one.wire, toText(value)]));
    for (const [name, value] of Object.entries({ ...headers, ...session.headers })) this.#headers.set(name, value);
    const [whole] = pick(given, "whole");
    this.#whole = whole === undefined ? null : writeWhole(operation, whole[1]);
    const path = operation.path.replace(/\{([^{}]*)\}/g, (_, name) => procwiseBytes.percent(this.#path.get(name) ?? ""));
    this.#url = session.baseUrl + path;
    this.method = operation.method;
    this.path = new URL(this.#url).pathname;
    this.mayChange = !READING.includes(operation.method) || operation.retry === "never";
  }

  get #isForm() {
    return this.#operation.sends.startsWith(FORM) || this.#operation.sends.startsWith(MULTIPART);
  }

  /**
   * @param {Argument} one
   * @param {unknown} value
   * @returns {[string, Value][]}
   */
  #writeMember(one, value) {
    if (!this.#isForm) return [[one.wire, toValue(value)]];
    return Array.isArray(value) && !value.length ? [] : [[one.wire, toFormValue(value)]];
  }

  /** The request with a fresh timestamp, nonce and signature, as `fetch` takes it. */
  async sign() {
    const query = this.#expand(this.#query).map(([name, text]) => `${procwiseBytes.percent(name)}=${procwiseBytes.percent(text)}`);
    const url = query.length ? `${this.#url}?${query.join("&")}` : this.#url;
    const isMultipart = this.#operation.sends.startsWith(MULTIPART);
    const content = isMultipart ? null : this.#writeBody();
    /** @type {Pairs} */
    const headers = [...this.#headers, ...(content === null ? [] : [/** @type {[string, string]} */ (["Content-Type", this.#mediaType])])];
    if (!this.#operation.signed || !this.#session.service.scheme) {
      return { url, method: this.method, headers, body: isMultipart ? this.#writeForm(this.#members) : toBody(content) };
    }
    const unsigned = procwiseRequest.requestOf(this.method, url, headers, content ?? "", this.#known);
    const signed = await this.#session.sign(unsigned, !WITHOUT_BODY.includes(this.method));
    const kept = isMultipart ? signed.headers.filter(([name]) => name.toLowerCase() !== "content-type") : signed.headers;
    const form = isMultipart ? this.#writeForm(signed.parameters.body ?? this.#members) : null;
    return { url: procwiseRequest.urlOf(signed), method: this.method, headers: kept, body: form ?? toBody(signed.body) };
  }

  get #mediaType() {
    return this.#operation.sends || "application/json";
  }

  /** The values that are signed as they are, and not as they are read back from the text of the request. */
  get #known() {
    /** @type {{ [place: string]: Map<string, Value> }} */
    const known = { path: new Map(this.#path) };
    if (!this.#session.service.signsParameters) return known;
    return { ...known, query: this.#query, ...(this.#isForm ? { body: this.#members } : {}) };
  }

  /** @returns {string | Uint8Array | null} */
  #writeBody() {
    if (this.#whole !== null || !this.#operation.sends) return this.#whole;
    if (!this.#isForm) return procwiseTexts.compactJson(this.#members);
    return this.#expand(this.#members).map(([name, text]) => `${procwiseBytes.percent(name)}=${procwiseBytes.percent(text)}`).join("&");
  }

  /** @param {Map<string, Value>} members */
  #writeForm(members) {
    const form = new FormData();
    for (const [name, text] of this.#expand(members)) form.append(name, text);
    for (const [one, value] of this.#files) {
      const listed = Array.isArray(value);
      for (const file of listed ? value : [value]) {
        const { blob, name } = toPart(file, one.wire);
        form.append(one.wire + (listed ? this.#suffix : ""), blob, name);
      }
    }
    if ([...form.keys()].length === 0) throw new InvalidArgument("the form is empty (pass a value or a file)");
    return form;
  }

  get #suffix() {
    return this.#operation.signed && this.#session.service.signsParameters ? "[]" : "";
  }

  /**
   * Each name with its text; a list is its name once for each item.
   * @param {Map<string, Value>} values
   * @returns {Pairs}
   */
  #expand(values) {
    return [...values].flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((item) => /** @type {[string, string]} */ ([name + this.#suffix, String(item)])) : [/** @type {[string, string]} */ ([name, String(value)])],
    );
  }
}

/**
 * The arguments that were passed, with their values; throws for a name that is none, and for one that is missing.
 * @param {import("./description.js").Operation} operation
 * @param {import("./description.js").Arguments} values
 * @returns {[Argument, unknown][]}
 */
function readArguments(operation, values) {
  const known = operation.arguments.map((one) => one.name);
  const unknown = Object.keys(values).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new InvalidArgument(`there is no argument ${unknown} (there are ${known.join(", ") || "none"})`);
  const missing = operation.arguments.find((one) => one.required && values[one.name] === undefined);
  if (missing) throw new InvalidArgument(`the argument ${missing.name} is missing`);
  return operation.arguments.filter((one) => values[one.name] !== undefined).map((one) => [one, values[one.name]]);
}

/**
 * @param {[Argument, unknown][]} given
 * @param {string} place
 */
const pick = (given, place) => given.filter(([one]) => one.place === place);

/**
 * @param {Argument} one
 * @param {unknown} value
 */
function toPathText(one, value) {
  const text = toText(value);
  if (["", ".", ".."].includes(text)) throw new InvalidArgument(`${one.name} cannot be part of a path: it is empty, or leads elsewhere`);
  return text;
}

/**
 * The parameters as they are sent: a list or an object becomes one text, or parameters of its own.
 * @param {[Argument, unknown]} given
 * @returns {[string, Value][]}
 */
function writeQuery([one, value]) {
  if (value === null || (Array.isArray(value) && !value.length)) return [];
  if (one.json) return [[one.wire, typeof value === "string" ? toText(value) : writeJson(value)]];
  const [style = "", exploded] = (one.style ?? "").split(" ");
  const held = toValue(value);
  if (held instanceof Map && style === "deepObject") return [...held].map(([name, item]) => [`${one.wire}[${name}]`, asText(item)]);
  if (held instanceof Map && style && exploded) return [...held].map(([name, item]) => [name, asText(item)]);
  if (held instanceof Map && style in SEPARATORS) return [[one.wire, [...held].flat().map(asText).join(SEPARATORS[style])]];
  if (Array.isArray(held) && !exploded && style in SEPARATORS) return [[one.wire, held.map(asText).join(SEPARATORS[style])]];
  return [[one.wire, Array.isArray(held) ? held.map(asText) : asText(held)]];
}

/** @param {unknown} value @returns {Value} */
const toFormValue = (value) => (Array.isArray(value) ? value.map(toText) : toText(value));

/** @param {Value} value */
const asText = (value) => (typeof value === "string" ? value : value === null ? "" : procwiseTexts.compactJson(value));

/**
 * @param {import("./description.js").Operation} operation
 * @param {unknown} value
 */
function writeWhole(operation, value) {
  if (value instanceof Uint8Array) return value;
  if (/json\s*(;|$)/i.test(operation.sends)) return writeJson(value);
  if (typeof value === "string") return value;
  throw new InvalidArgument(`the body is sent as ${operation.sends} (pass a Uint8Array or a text)`);
}

/** @param {string | Uint8Array | null} content */
function toBody(content) {
  if (content === null || content.length === 0) return null;
  return /** @type {Uint8Array<ArrayBuffer>} */ (typeof content === "string" ? procwiseBytes.encodeUtf8(content) : content);
}
