// What the methods of all resources are made of: one call, a list, a job.
import { Call, repeat } from "./calls.js";
import { create } from "./creation.js";
import { InvalidArgument, JobFailed, JobTimedOut, UnexpectedResponse } from "./errors.js";
import { Pager } from "./pager.js";
import { Session } from "./session.js";

/**
 * @typedef {import("./options.js").CallOptions} CallOptions
 * @typedef {import("./options.js").JobOptions} JobOptions
 * @typedef {import("./description.js").Arguments} Arguments
 */
const GROWTH = 1.5;

/** One call of an operation, with the values of its path in order. @param {Session} session @param {string} id @param {unknown[]} path @param {Arguments | undefined} values @param {CallOptions | undefined} options */
async function run(session, id, path, values, options) {
  const operation = session.service.operations[id];
  if (!operation) throw new InvalidArgument(`there is no operation ${id}`);
  const places = operation.arguments.filter((one) => one.place === "path");
  const named = Object.fromEntries(places.map((one, at) => [one.name, path[at] ?? undefined]));
  const call = new Call(session, operation, { ...(values ?? {}), ...named }, options ?? {});
  return operation.retry === "verify" ? create(call) : repeat(call, operation.retry === "safe");
}

export class Resource {
  #session;

  /** @param {Session} session */
  constructor(session) {
    this.#session = session;
  }

  /** @param {string} id @param {unknown[]} path @param {Arguments} [values] @param {CallOptions} [options] @returns {Promise<any>} */
  async _call(id, path, values, options) {
    return (await run(this.#session, id, path, values, options)).value;
  }

  /** @param {string} id @param {unknown[]} path @param {Arguments} [values] @param {CallOptions} [options] @returns {Pager<any>} */
  _list(id, path, values = {}, options = {}) {
    const paging = this.#session.service.operations[id]?.paging;
    if (!paging) throw new InvalidArgument(`there is no list ${id}`);
    const start = values[paging.page];
    const read = async (/** @type {number} */ number) => {
      const { value, headers } = await run(this.#session, id, path, { ...values, [paging.page]: number }, options);
      if (!Array.isArray(value)) throw new UnexpectedResponse("the response holds no list of items");
      const count = (/** @type {string} */ name) => (/^\d+$/.test(headers.get(name) ?? "") ? Number(headers.get(name)) : null);
      return {
        items: value,
        number: count(paging.pageHeader) ?? number,
        limit: count(paging.limitHeader),
        itemCount: count(paging.itemCount),
        pageCount: count(paging.pageCount),
      };
    };
    return new Pager(typeof start === "number" ? start : 1, read);
  }

  /**
   * Start a job, wait for its end, and return the file that it makes.
   * @param {string[]} ids @param {unknown[]} path @param {Arguments} [values] @param {JobOptions} [options]
   * @returns {Promise<any>}
   */
  async _job([start = "", status = "", download = ""], path, values, options = {}) {
    const { jobTimeoutMs = 600_000, intervalMs = 2_000, longestIntervalMs = 30_000, onState, ...call } = options;
    const { job } = this.#session.service.operations[start] ?? {};
    if (!job) throw new InvalidArgument(`there is no job ${start}`);
    await this._call(start, path, values, call);
    const end = performance.now() + jobTimeoutMs;
    for (let wait = intervalMs; ; wait = Math.min(wait * GROWTH, longestIntervalMs)) {
      const state = (await this._call(status, path, {}, call))?.[job.field];
      if (typeof state !== "string") throw new UnexpectedResponse(`the response holds no state of the job in ${job.field}`);
      onState?.(state);
      if (job.success.includes(state)) return this._call(download, path, {}, call);
      if (job.failure.includes(state)) throw new JobFailed(`the job ended with the state ${state}`, state);
      if (performance.now() + wait > end) throw new JobTimedOut(`the job is still ${state}; it may still finish`, state);
      await sleep(wait, call.signal);
    }
  }
}

/** @param {number} milliseconds @param {AbortSignal | undefined} signal */
function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => (clearTimeout(timer), reject(signal?.reason));
    const timer = setTimeout(() => (signal?.removeEventListener("abort", stop), resolve(undefined)), milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

export { Session };
