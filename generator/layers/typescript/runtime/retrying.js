// When a failed attempt may be repeated, and how long to wait before.
import { ApiError, ConnectionFailed, ResponseDamaged, TimedOut } from "./errors.js";

const TRANSIENT = [408, 425, 429];
const LASTING = [501, 505, 511];
const OF_PROXIES = [408, 499, 502, 504, ...Array.from({ length: 10 }, (_, at) => 520 + at)]; // the server behind may still be at work
const LONGEST_MS = 2 ** 31 - 1;

/** @typedef {import("./errors.js").ProcwiseError} ProcwiseError */

/** Whether the same request may succeed a little later. @param {ProcwiseError} error */
export function isTransient(error) {
  if (error instanceof ApiError) return TRANSIENT.includes(error.status) || (error.status >= 500 && !LASTING.includes(error.status));
  return error instanceof ConnectionFailed || error instanceof ResponseDamaged;
}

/** Whether a request that was answered with this status may have been carried out. @param {number} status */
export const leavesEffectUnknown = (status) => status >= 500 || OF_PROXIES.includes(status);

/** Whether the server may have carried out the request that failed so. @param {ProcwiseError} error */
export function hasUnknownEffect(error) {
  if (error instanceof ApiError) return leavesEffectUnknown(error.status);
  return error instanceof ResponseDamaged || (error instanceof ConnectionFailed && error.sent);
}

/** Whether somebody stopped waiting for the server, which may be at work for any time. @param {ProcwiseError} error */
export const mayRunLong = (error) => error instanceof TimedOut || (error instanceof ApiError && OF_PROXIES.includes(error.status));

/** Whether the server may still carry out the request after it failed so. @param {ProcwiseError} error */
export function mayStillRun(error) {
  if (!(error instanceof ApiError)) return hasUnknownEffect(error);
  return mayRunLong(error) || (error.status === 503 && error.retryAfterMs === null);
}

/** Whether the request surely did not leave. @param {ProcwiseError} error */
export const isUnsent = (error) => error instanceof ConnectionFailed && !error.sent;

/** The milliseconds that `Retry-After` asks to wait, given as a number or as a date. @param {Headers} headers */
export function readRetryAfter(headers) {
  const text = headers.get("retry-after")?.trim() ?? "";
  const seconds = /^(\d+(?:\.\d*)?)(?:,.*)?$/.exec(text)?.[1];
  if (seconds !== undefined) return Math.min(Number(seconds) * 1000, LONGEST_MS);
  const moment = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(moment)) return null;
  const now = Date.parse(headers.get("date") ?? "");
  return Math.min(Math.max(0, moment - (Number.isNaN(now) ? Date.now() : now)), LONGEST_MS);
}

/**
 * The milliseconds until the next attempt: those that the server asks for, else decorrelated jitter.
 * @param {import("./settings.js").Settings} settings
 * @param {number} last
 * @param {number | null} retryAfterMs
 */
export function chooseWait(settings, last, retryAfterMs) {
  if (retryAfterMs !== null) return Math.min(retryAfterMs, settings.longestRetryAfterMs);
  const least = Math.min(settings.firstWaitMs, settings.longestWaitMs);
  const most = Math.max(least, Math.min(settings.longestWaitMs, last * 3));
  return least + Math.random() * (most - least);
}
