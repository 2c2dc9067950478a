/** Base class of all errors of this package. None holds the token, the secret key or a signature. */
export class ProcwiseError extends Error {
  constructor(message: string, details?: Partial<ErrorDetails>);
  /** Method and path of the request, empty if there was none. */
  readonly method: string;
  readonly path: string;
  /** How often the request was sent. */
  attempts: number;
  /** The milliseconds that the server asks to wait with `Retry-After`; null if it asks for nothing. */
  readonly retryAfterMs: number | null;
  /** Whether the server may have carried out the request although the call failed. */
  mayHaveTakenEffect: boolean;
  /** The headers of the response, with known and sent secrets masked; without cookies. */
  readonly headers: { readonly [name: string]: string };
}
export interface ErrorDetails {
  method: string;
  path: string;
  retryAfterMs: number | null;
  mayHaveTakenEffect: boolean;
  headers: { readonly [name: string]: string };
}
/** No token or no secret key was passed, nor set in the environment. */
export class CredentialsMissing extends ProcwiseError {}
/** An argument cannot be sent; no request was made. */
export class InvalidArgument extends ProcwiseError {}
/** The base URL is missing or malformed, or the server there is not this API. */
export class WrongBaseUrl extends ProcwiseError {}
/** The server was not reached, or the connection broke. `sent` says whether the request may have reached it. */
export class ConnectionFailed extends ProcwiseError {
  constructor(message: string, details?: Partial<ErrorDetails>, sent?: boolean);
  readonly sent: boolean;
}
/** No response came in time. */
export class TimedOut extends ConnectionFailed {}
/** An object may have been created, and it is not known whether it was. `candidates` are ids of objects that may be it. */
export class OutcomeUnknown extends ConnectionFailed {
  constructor(message: string, details?: Partial<ErrorDetails>, candidates?: readonly unknown[]);
  readonly candidates: readonly unknown[];
}
/** The response deviates from the description so much that there is nothing to return. */
export class UnexpectedResponse extends ProcwiseError {}
/** The response is JSON that is damaged or was cut short; the next attempt may bring it whole. */
export class ResponseDamaged extends UnexpectedResponse {}
/** The background job ended without success; `state` is its last state. */
export class JobFailed extends ProcwiseError {
  constructor(message: string, state: string);
  readonly state: string;
}
/** The background job was not done in time; it may still finish. */
export class JobTimedOut extends JobFailed {}

export interface ApiErrorDetails extends ErrorDetails {
  status: number;
  code: string;
  meaning: string;
  hint: string;
  requestId: string;
  body: unknown;
  errors: { readonly [field: string]: readonly string[] };
}
/** The server responded with an error status. Its subclasses are the statuses that the description names. */
export class ApiError extends ProcwiseError {
  constructor(message: string, details: Partial<ApiErrorDetails>);
  readonly status: number;
  /** The error code of the response; empty if it has none. */
  readonly code: string;
  /** What the description says about the code, and what can be done; empty if it says nothing. */
  readonly meaning: string;
  readonly hint: string;
  /** The server's id of the request; empty if it sent none. */
  readonly requestId: string;
  /** The JSON data of the response or the start of its text, with secrets masked. */
  readonly body: unknown;
  /** The messages about each field. */
  readonly errors: { readonly [field: string]: readonly string[] };
}
