/** The options of one call; those that are left out are the client's. Times are in milliseconds. */
export interface CallOptions {
  /** How long one attempt may take; null is without limit. */
  timeoutMs?: number | null | undefined;
  /** How long the whole call may take, with its retries and waits; null is without limit. */
  deadlineMs?: number | null | undefined;
  /** How many attempts may follow the first one. */
  maxRetries?: number | undefined;
  /** The shortest and the longest wait before another attempt; waits are random and grow. */
  firstWaitMs?: number | undefined;
  longestWaitMs?: number | undefined;
  /** The longest wait that a server gets which asks for one with `Retry-After`. */
  longestRetryAfterMs?: number | undefined;
  /** Headers that are sent as well. */
  headers?: { readonly [name: string]: string } | undefined;
  /** Ends the call: it rejects with the reason of the signal. */
  signal?: AbortSignal | undefined;
}
export interface ClientOptions extends Omit<CallOptions, "signal"> {
  /** The API token; from PROCWISE_TOKEN if it is left out. */
  token?: string | undefined;
  /** The key that requests are signed with; from PROCWISE_SECRET_KEY if it is left out. */
  secretKey?: string | undefined;
  /** The origin of the server; from PROCWISE_BASE_URL if it is left out. The path of the version is added. */
  baseUrl?: string | undefined;
  /** Other credentials and settings that a signing scheme asks for, by name. */
  credentials?: { readonly [name: string]: string } | undefined;
  settings?: { readonly [name: string]: string } | undefined;
  /** What sends requests; the `fetch` of the platform if it is left out. */
  fetch?: typeof fetch | undefined;
  /** The milliseconds since 1970; `Date.now` if it is left out. */
  clock?: (() => number) | undefined;
  /** How far the server's clock is ahead, in milliseconds; "auto" measures it when the server refuses a request. */
  clockSkewMs?: number | "auto" | undefined;
}
/** How a background job is waited for; the time between two looks grows from `intervalMs` to `longestIntervalMs`. */
export interface JobOptions extends CallOptions {
  jobTimeoutMs?: number | undefined;
  intervalMs?: number | undefined;
  longestIntervalMs?: number | undefined;
  /** Is called with each state. */
  onState?: ((state: string) => void) | undefined;
}
