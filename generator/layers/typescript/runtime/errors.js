// The errors of this package. Their messages are masked before they are made.

export class ProcwiseError extends Error {
  /**
   * @param {string} message
   * @param {Partial<import("./errors.js").ErrorDetails>} details
   */
  constructor(message, details = {}) {
    super(message.replace(/[\p{Cc}\u2028\u2029]/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`));
    this.name = new.target.name;
    this.method = details.method ?? "";
    this.path = details.path ?? "";
    this.attempts = 0;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.mayHaveTakenEffect = details.mayHaveTakenEffect ?? false;
    this.headers = details.headers ?? {};
  }
}
export class CredentialsMissing extends ProcwiseError {}
export class InvalidArgument extends ProcwiseError {}
export class WrongBaseUrl extends ProcwiseError {}
export class ConnectionFailed extends ProcwiseError {
  /**
   * @param {string} message
   * @param {Partial<import("./errors.js").ErrorDetails>} details
   */
  constructor(message, details = {}, sent = false) {
    super(message, details);
    this.sent = sent;
  }
}
export class TimedOut extends ConnectionFailed {}
export class OutcomeUnknown extends ConnectionFailed {
  /**
   * @param {string} message
   * @param {Partial<import("./errors.js").ErrorDetails>} details
   * @param {readonly unknown[]} candidates
   */
  constructor(message, details = {}, candidates = []) {
    super(message, { ...details, mayHaveTakenEffect: true }, true);
    this.candidates = candidates;
  }
}
export class UnexpectedResponse extends ProcwiseError {}
export class ResponseDamaged extends UnexpectedResponse {}
export class JobFailed extends ProcwiseError {
  /**
   * @param {string} message
   * @param {string} state
   */
  constructor(message, state) {
    super(message);
    this.state = state;
  }
}
export class JobTimedOut extends JobFailed {}
export class ApiError extends ProcwiseError {
  /**
   * @param {string} message
   * @param {Partial<import("./errors.js").ApiErrorDetails>} details
   */
  constructor(message, details) {
    super(message, details);
    this.status = details.status ?? 0;
    this.code = details.code ?? "";
    this.meaning = details.meaning ?? "";
    this.hint = details.hint ?? "";
    this.requestId = details.requestId ?? "";
    this.body = details.body ?? null;
    this.errors = details.errors ?? {};
  }
}
