// The options of a client and of its calls, checked and put together.
import { InvalidArgument } from "./errors.js";

/**
 * @typedef {object} Settings
 * @property {number | null} timeoutMs
 * @property {number | null} deadlineMs
 * @property {number} maxRetries
 * @property {number} firstWaitMs
 * @property {number} longestWaitMs
 * @property {number} longestRetryAfterMs
 * @property {{ readonly [name: string]: string }} headers
 * @property {AbortSignal | undefined} signal
 */

/** @type {Settings} */
const DEFAULTS = {
  timeoutMs: 30_000,
  deadlineMs: null,
  maxRetries: 4,
  firstWaitMs: 500,
  longestWaitMs: 8_000,
  longestRetryAfterMs: 60_000,
  headers: {},
  signal: undefined,
};
const LONGEST_MS = 2 ** 31 - 1; // what a timer takes
const WRITTEN_BY_CLIENT = /^(?:accept|accept-encoding|authorization|content-length|content-type|host|transfer-encoding)$/i;

/**
 * @param {import("./options.js").CallOptions} options
 * @param {Partial<Settings>} base
 * @returns {Settings}
 */
export function readSettings(options, base) {
  const before = { ...DEFAULTS, ...base };
  const settings = {
    timeoutMs: options.timeoutMs === undefined ? before.timeoutMs : options.timeoutMs,
    deadlineMs: options.deadlineMs === undefined ? before.deadlineMs : options.deadlineMs,
    maxRetries: options.maxRetries ?? before.maxRetries,
    firstWaitMs: options.firstWaitMs ?? before.firstWaitMs,
    longestWaitMs: options.longestWaitMs ?? before.longestWaitMs,
    longestRetryAfterMs: options.longestRetryAfterMs ?? before.longestRetryAfterMs,
    headers: mergeHeaders(before.headers, options.headers ?? {}),
    signal: options.signal ?? before.signal,
  };
  check(settings);
  return settings;
}

/** @param {Settings} settings */
function check(settings) {
  for (const name of /** @type {const} */ (["timeoutMs", "deadlineMs"])) {
    const value = settings[name];
    if (value !== null && !(value > 0 && value <= LONGEST_MS)) throw new InvalidArgument(`${name} is no number of milliseconds (pass null for no limit)`);
  }
  for (const name of /** @type {const} */ (["firstWaitMs", "longestWaitMs", "longestRetryAfterMs"])) {
    if (!(settings[name] >= 0 && settings[name] <= LONGEST_MS)) throw new InvalidArgument(`${name} is no number of milliseconds`);
  }
  if (!Number.isSafeInteger(settings.maxRetries) || settings.maxRetries < 0) {
    throw new InvalidArgument("maxRetries is no count (pass 0 or a larger whole number)");
  }
}

/**
 * @param {{ readonly [name: string]: string }} old
 * @param {{ readonly [name: string]: string }} added
 */
function mergeHeaders(old, added) {
  for (const [name, value] of Object.entries(added)) {
    if (WRITTEN_BY_CLIENT.test(name)) throw new InvalidArgument(`headers must not hold ${name}: the client writes it itself`);
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) throw new InvalidArgument("a name in headers is no name of a header");
    if (typeof value !== "string" || !/^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(value)) {
      throw new InvalidArgument(`the value of ${name} in headers cannot be sent (ASCII on one line, without blanks around it)`);
    }
  }
  const replaced = new Set(Object.keys(added).map((name) => name.toLowerCase()));
  const kept = Object.entries(old).filter(([name]) => !replaced.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...added };
}
