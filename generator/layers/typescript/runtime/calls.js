// One call: its attempts, the waits between them, and what is known when it fails.
import { ApiError, ConnectionFailed, InvalidArgument, ProcwiseError, TimedOut } from "./errors.js";
import { PreparedRequest } from "./request.js";
import { readAnswer } from "./responses.js";
import { chooseWait, isTransient, isUnsent } from "./retrying.js";
import { readSettings } from "./settings.js";

/** @typedef {import("./responses.js").Answer} Answer */
const GONE = [404, 410];
const UNSENT = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|.*CERT.*|SELF_SIGNED.*)$/;
const ABOUT_TIME = /time ?stamp|clock|expired|skew/i;
const NOTICEABLE_MS = 2_000; // a `Date` is cut to seconds
const SUSPICIOUS_MS = 30_000; // a smaller skew explains no error that does not name the time

export class Call {
  attempts = 0;
  #uncounted = 0;
  #wait;
  #isCorrected = false;
  /** @type {number | null} */
  #deadline;

  /**
   * @param {import("./session.js").Session} session
   * @param {import("./description.js").Operation} operation
   * @param {import("./description.js").Arguments} values
   * @param {import("./options.js").CallOptions} options
   */
  constructor(session, operation, values, options) {
    this.session = session;
    this.operation = operation;
    this.values = values;
    this.settings = readSettings(options, session.defaults);
    this.prepared = new PreparedRequest(session, operation, values, this.settings.headers);
    this.#wait = this.settings.firstWaitMs;
    this.#deadline = this.settings.deadlineMs === null ? null : performance.now() + this.settings.deadlineMs;
  }

  /** A call that reads what this one has to know, within the same deadline. @param {string} id @param {import("./description.js").Arguments} values */
  startReading(id, values) {
    const operation = this.session.service.operations[id];
    if (!operation) throw new InvalidArgument(`there is no operation ${id}`);
    const reading = new Call(this.session, operation, values, { ...this.settings, deadlineMs: null });
    reading.#deadline = this.#deadline;
    return reading;
  }

  /** What one attempt brings, or the error that it ends with. @returns {Promise<Answer | ProcwiseError>} */
  async attempt() {
    this.attempts += 1;
    const started = this.session.clock();
    try {
      return await this.#send();
    } catch (error) {
      if (!(error instanceof ProcwiseError)) throw error;
      error.attempts = this.attempts;
      return this.#correctsClock(error, started) ? await this.#repeatWithClock(error) : error;
    }
  }

  /** Whether retries are left and the error may pass; an attempt that corrects the clock does not count. @param {ProcwiseError} error */
  mayGoOn(error) {
    return this.attempts - this.#uncounted <= this.settings.maxRetries && isTransient(error);
  }

  /** Wait before the next attempt; false if the deadline does not leave the time for it. @param {ProcwiseError} error */
  async pause(error) {
    this.#wait = chooseWait(this.settings, this.#wait, error.retryAfterMs);
    if (!this.hasTime(this.#wait)) return false;
    await this.sleep(this.#wait);
    return true;
  }

  /** @param {number} milliseconds */
  hasTime(milliseconds) {
    return this.#deadline === null || performance.now() + milliseconds < this.#deadline;
  }

  /** @param {number} milliseconds */
  sleep(milliseconds) {
    const { signal } = this.settings;
    return new Promise((resolve, reject) => {
      const stop = () => (clearTimeout(timer), reject(signal?.reason));
      const timer = setTimeout(() => (signal?.removeEventListener("abort", stop), resolve(undefined)), milliseconds);
      if (signal?.aborted) stop();
      else signal?.addEventListener("abort", stop, { once: true });
    });
  }

  async #send() {
    const { session, settings, prepared } = this;
    settings.signal?.throwIfAborted();
    if (!this.hasTime(0)) throw new TimedOut(`${prepared.method} ${prepared.path}: the deadline is over. It was not sent.`, this.#about, false);
    const { url, method, headers, body } = await prepared.sign();
    const stopper = new AbortController();
    const end = () => stopper.abort(settings.signal?.reason);
    const left = [settings.timeoutMs, this.#deadline === null ? null : Math.max(1, this.#deadline - performance.now())];
    const limit = Math.min(...left.map((one) => one ?? Infinity));
    let isLate = false;
    const timer = Number.isFinite(limit) ? setTimeout(() => ((isLate = true), stopper.abort()), limit) : undefined;
    settings.signal?.addEventListener("abort", end, { once: true });
    let isFile = false;
    try {
      const response = await session.fetch.call(globalThis, url, { method, headers, body, redirect: "manual", signal: stopper.signal });
      isFile = response.ok && this.operation.answer === "file";
      return await readAnswer(session, prepared, this.operation, response);
    } catch (error) {
      if (settings.signal?.aborted) throw settings.signal.reason;
      throw error instanceof ProcwiseError ? error : this.#describeFailure(error, isLate);
    } finally {
      clearTimeout(timer);
      if (!isFile) settings.signal?.removeEventListener("abort", end); // the content of a file can still be ended
    }
  }

  get #about() {
    const { method, path, mayChange } = this.prepared;
    return { method, path, mayHaveTakenEffect: mayChange };
  }

  /** @param {unknown} error @param {boolean} isLate */
  #describeFailure(error, isLate) {
    const { prepared, session } = this;
    const place = `${prepared.method} ${prepared.path}`;
    const effect = prepared.mayChange ? ". It may have taken effect." : ".";
    const { origin } = new URL(session.baseUrl);
    if (isLate) return new TimedOut(`${place}: no response from ${origin} in time${effect} Raise timeoutMs or repeat it.`, this.#about, true);
    const reason = readReason(error);
    if (UNSENT.test(reason)) {
      return new ConnectionFailed(`${place}: cannot reach ${origin} (${reason}). Check the base URL. Is the server running?`, { ...this.#about, mayHaveTakenEffect: false });
    }
    return new ConnectionFailed(`${place}: the connection to ${origin} broke (${session.redactor.text(reason)})${effect}`, this.#about, true);
  }

  /** Whether the clock was corrected after an error that can be about it; at most once in a call. @param {ProcwiseError} error @param {number} started */
  #correctsClock(error, started) {
    const { session } = this;
    if (this.#isCorrected || !session.measuresSkew || !(error instanceof ApiError) || !this.hasTime(0)) return false;
    const isNamed = error.status < 500 && ABOUT_TIME.test(`${error.code} ${error.message}`);
    const said = "age" in error.headers ? NaN : Date.parse(error.headers.date ?? "");
    if (Number.isNaN(said) || !(isNamed || [401, 403].includes(error.status))) return false;
    const received = session.clock();
    const measured = said + 500 - (started + received) / 2;
    const skew = Math.abs(measured) > (received - started) / 2 ? measured : 0;
    if (Math.abs(skew - session.skewMs) < (isNamed ? NOTICEABLE_MS : SUSPICIOUS_MS)) return false;
    this.#isCorrected = true;
    this.earlierSkewMs = session.skewMs;
    session.skewMs = Math.round(skew);
    return true;
  }

  /** @param {ProcwiseError} refused */
  async #repeatWithClock(refused) {
    this.#uncounted += 1;
    const measured = this.session.skewMs;
    const result = await this.attempt();
    const didHelp = !(result instanceof ApiError) || (result.status !== 401 && result.status !== 403);
    if (!didHelp && this.session.skewMs === measured) this.session.skewMs = this.earlierSkewMs ?? 0;
    return result instanceof ApiError && !didHelp && refused instanceof ApiError && refused.status !== result.status ? refused : result;
  }
}

/** @param {unknown} error */
function readReason(error) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message || cause.name;
}

/**
 * Attempts until one succeeds; an operation that is not safe only if the request did not leave.
 * What is gone after a deletion whose response was lost was deleted.
 * @param {Call} call
 * @param {boolean} isSafe
 * @returns {Promise<Answer>}
 */
export async function repeat(call, isSafe) {
  let mayBeDone = false;
  for (;;) {
    const result = await call.attempt();
    if (!(result instanceof ProcwiseError)) return result;
    if (mayBeDone && call.prepared.method === "DELETE" && result instanceof ApiError && GONE.includes(result.status)) {
      return { value: undefined, headers: new Headers(), status: result.status };
    }
    mayBeDone ||= result.mayHaveTakenEffect;
    result.mayHaveTakenEffect = mayBeDone;
    if (!call.mayGoOn(result) || !(isSafe || isUnsent(result)) || !(await call.pause(result))) throw result;
  }
}
