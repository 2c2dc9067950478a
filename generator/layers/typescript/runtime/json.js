// JSON without loss, in the values of JavaScript: what a number cannot hold is a bigint or a Decimal.
import { InvalidArgument } from "./errors.js";
import { procwiseTexts } from "./evaluator.js";

const { Num, parseJson, compactJson } = procwiseTexts;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const PERHAPS_LOST = /\d{16}|\d\.?\d*[eE]|\d\.\d{15}/; // any other number `JSON.parse` reads without loss of its value
const DEEPEST = 500;

export class Decimal {
  #text;

  /** @param {string} text */
  constructor(text) {
    if (!NUMBER.test(text)) throw new InvalidArgument("a Decimal is made of the text of a JSON number");
    this.#text = text;
  }

  toString() {
    return this.#text;
  }

  valueOf() {
    return Number(this.#text);
  }

  toJSON() {
    return Number(this.#text);
  }
}

/** @param {string} text */
export function readJson(text) {
  return fromValue(parseJson(text), (raw) => String(Number(raw)) === raw);
}

/** @param {string} text */
export function readValues(text) {
  const isSuspect = PERHAPS_LOST.test(text) && PERHAPS_LOST.test(dropTexts(text));
  return isSuspect ? fromValue(parseJson(text), keepsValue) : JSON.parse(text);
}

/** The JSON without what stands in its texts: digits there are no numbers. @param {string} text */
const dropTexts = (text) => text.replace(/\\./gs, "").replace(/"[^"]*"/g, "0");

/**
 * @param {import("./evaluator.js").Value} value
 * @param {(raw: string) => boolean} fits whether a number of JavaScript is enough
 * @returns {unknown}
 */
function fromValue(value, fits) {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, item]) => [name, fromValue(item, fits)]));
  if (Array.isArray(value)) return value.map((item) => fromValue(item, fits));
  if (!(value instanceof Num)) return value;
  const { raw, whole } = value;
  if (fits(raw) && (!whole || Number.isSafeInteger(Number(raw)))) return Number(raw);
  return whole && raw !== "-0" ? BigInt(raw) : new Decimal(raw);
}

/** @param {string} raw */
function keepsValue(raw) {
  return raw === "-0" || normalize(raw) === normalize(String(Number(raw)));
}

/**
 * The digits of a number and the power of ten of the last one.
 * @param {string} raw
 */
function normalize(raw) {
  const [, sign, whole, fraction = "", exponent = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(raw) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  const plain = digits.replace(/0+$/, "");
  return plain ? `${sign}${plain}e${BigInt(exponent) - BigInt(fraction.length) + BigInt(digits.length - plain.length)}` : "0";
}

/**
 * @param {unknown} value
 * @returns {import("./evaluator.js").Value}
 */
export function toValue(value, depth = 0) {
  if (depth > DEEPEST) throw new InvalidArgument("a value is nested too deeply, or holds itself");
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "string") return checkText(value);
  if (typeof value === "number" && Number.isFinite(value)) return new Num(String(value));
  if (typeof value === "bigint" || value instanceof Decimal) return new Num(String(value));
  if (value instanceof Date) return toMoment(value);
  if (Array.isArray(value)) return value.map((item) => toValue(item === undefined ? null : item, depth + 1));
  if (isPlain(value)) {
    const members = Object.entries(value).filter(([, item]) => item !== undefined);
    return new Map(members.map(([name, item]) => [checkText(name), toValue(item, depth + 1)]));
  }
  const kind = typeof value === "number" ? String(value) : typeof value === "object" ? value?.constructor?.name : typeof value;
  throw new InvalidArgument(`a value of type ${kind ?? "object"} cannot be sent`);
}

/**
 * @param {unknown} value
 * @returns {value is object}
 */
function isPlain(value) {
  if (typeof value !== "object" || value === null) return false;
  const kind = Object.getPrototypeOf(value);
  return kind === null || Object.getPrototypeOf(kind) === null;
}

/** @param {string} text */
function checkText(text) {
  if (/\p{Cs}/u.test(text)) throw new InvalidArgument("a text holds half a surrogate pair, which cannot be sent");
  return text;
}

/** @param {Date} moment */
function toMoment(moment) {
  if (Number.isNaN(moment.getTime())) throw new InvalidArgument("a Date is invalid, which cannot be sent");
  return moment.toISOString();
}

/** @param {unknown} value */
export function toText(value) {
  const held = toValue(value);
  if (held === null) return "";
  return typeof held === "string" ? held : compactJson(held);
}

/** @param {unknown} value */
export function writeJson(value) {
  return compactJson(toValue(value));
}
