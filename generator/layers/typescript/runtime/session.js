// What all calls of a client share: the service, the credentials, the settings, the clock of the server.
import { CredentialsMissing, InvalidArgument, WrongBaseUrl } from "./errors.js";
import { procwiseNonces, procwiseSigner } from "./evaluator.js";
import { Redactor } from "./redaction.js";
import { readSettings } from "./settings.js";

/** @type {{ readonly [name: string]: string | undefined }} */
const ENVIRONMENT = /** @type {any} */ (globalThis).process?.env ?? {};
const PREFIX = "PROCWISE_";
const OWN = ["token", "secret_key", "access_key"];

export class Session {
  /** @type {string} */
  #token;
  /** @type {{ [name: string]: string }} */
  #credentials;
  #lastNonce = "";

  /**
   * @param {import("./description.js").Service} service
   * @param {import("./description.js").StatusErrors} errors
   * @param {import("./options.js").ClientOptions} options
   */
  constructor(service, errors, options) {
    this.service = service;
    this.errors = errors;
    this.#token = readCredential("token", options.token, Boolean(service.tokenHeader));
    const secretKey = readCredential("secret_key", options.secretKey, service.credentials.includes("secret_key"));
    this.#credentials = {
      ...dropEmpty({ token: this.#token, access_key: this.#token, secret_key: secretKey }),
      ...readInputs("credential", service.credentials, options.credentials ?? {}),
    };
    this.settings = readInputs("setting", service.settings, options.settings ?? {});
    this.baseUrl = readBaseUrl(service, options.baseUrl ?? ENVIRONMENT.PROCWISE_BASE_URL ?? "");
    this.fetch = options.fetch ?? globalThis.fetch;
    this.clock = options.clock ?? Date.now;
    this.measuresSkew = (options.clockSkewMs ?? "auto") === "auto";
    this.skewMs = typeof options.clockSkewMs === "number" ? options.clockSkewMs : 0;
    this.defaults = readSettings(options, {});
    this.redactor = new Redactor(service, Object.values(this.#credentials));
  }

  /** The headers of every request. */
  get headers() {
    const { accept, tokenHeader, tokenFormat } = this.service;
    const shown = this.#token && tokenHeader ? { [tokenHeader]: tokenFormat.replace("{token}", () => this.#token) } : {};
    return { Accept: accept, ...shown };
  }

  /**
   * The request signed anew, with a fresh timestamp and nonce.
   * @param {import("./evaluator.js").WireRequest} request
   * @param {boolean} hasBody
   */
  async sign(request, hasBody) {
    const { scheme, schemeWithoutBody, nonce } = this.service;
    const made = procwiseNonces.makeNonce(nonce, this.#lastNonce);
    this.#lastNonce = made;
    const inputs = { credentials: this.#credentials, settings: this.settings, nowMs: this.clock() + this.skewMs, nonce: made };
    try {
      const value = procwiseSigner.readScheme(hasBody ? scheme : schemeWithoutBody || scheme);
      return (await procwiseSigner.signRequest(value, request, inputs)).request;
    } catch (error) {
      throw new InvalidArgument(this.redactor.text(`the request cannot be signed: ${error instanceof Error ? error.message : error}`));
    }
  }
}

/**
 * @param {string} name
 * @param {string | undefined} passed
 * @param {boolean} needed
 */
function readCredential(name, passed, needed) {
  const variable = PREFIX + name.toUpperCase();
  const value = (passed ?? ENVIRONMENT[variable] ?? "").replace(/^[\s\ufeff]+|[\s\ufeff]+$/g, "");
  if (needed && !value) throw new CredentialsMissing(`no ${name}: pass it as an option, or set ${variable} in the environment`);
  if (/\p{Cc}/u.test(value) || (name === "token" && /[^\x20-\x7e]/.test(value))) {
    throw new InvalidArgument(`the ${name} holds characters that no ${name} has (was it copied as it is?)`);
  }
  return value;
}

/**
 * The credentials or settings that a scheme asks for besides its own.
 * @param {string} kind
 * @param {readonly string[]} wanted
 * @param {{ readonly [name: string]: string }} passed
 */
function readInputs(kind, wanted, passed) {
  const unknown = Object.keys(passed).find((name) => !wanted.includes(name));
  if (unknown !== undefined) throw new InvalidArgument(`there is no ${kind} ${unknown} (there are: ${wanted.join(", ") || "none"})`);
  const others = wanted.filter((name) => kind === "setting" || !OWN.includes(name) || name in passed);
  return dropEmpty(Object.fromEntries(others.map((name) => [name, (passed[name] ?? ENVIRONMENT[PREFIX + name.toUpperCase()] ?? "").trim()])));
}

/** @param {{ [name: string]: string }} texts */
const dropEmpty = (texts) => Object.fromEntries(Object.entries(texts).filter(([, text]) => text));

/**
 * @param {import("./description.js").Service} service
 * @param {string} passed
 */
function readBaseUrl(service, passed) {
  const hint = `pass baseUrl, or set PROCWISE_BASE_URL, for instance to ${service.example}`;
  if (!passed.trim()) throw new WrongBaseUrl(`no base URL: ${hint}`);
  if (!URL.canParse(passed)) throw new WrongBaseUrl(`the base URL is malformed: ${hint}`);
  const url = new URL(passed.trim());
  if (!["http:", "https:"].includes(url.protocol)) throw new WrongBaseUrl(`the base URL must start with http:// or https://: ${hint}`);
  if (url.username || url.password || url.search || url.hash) {
    throw new WrongBaseUrl(`the base URL must not hold a user, a query or a fragment: ${hint}`);
  }
  const path = url.pathname.replace(/\/+$/, "");
  const other = service.basePath && new RegExp(`${escapePattern(service.basePath).replace(/\d+/g, "\\d+")}$`).exec(path)?.[0];
  if (other && other !== service.basePath) {
    throw new WrongBaseUrl(`the base URL ends with ${other}, which is another version than the ${service.basePath} of this client: ${hint}`);
  }
  return `${url.origin}${path.endsWith(service.basePath) ? path : path + service.basePath}`;
}

/** @param {string} text */
const escapePattern = (text) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
