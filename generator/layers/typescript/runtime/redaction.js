// Masks what nobody may read: the values of secret members, personal data, and the credentials wherever they stand.
const MASK = "[masked]";
const SHORTEST_SECRET = 4;

export class Redactor {
  #secrets;
  #personal;
  #values;

  /**
   * @param {import("./description.js").Service} service
   * @param {readonly string[]} values
   */
  constructor(service, values) {
    this.#secrets = new Set(service.secrets);
    this.#personal = new Set(service.personal);
    this.#values = values.filter((value) => value.length >= SHORTEST_SECRET);
  }

  /**
   * Also masks the values of secret and personal members that a request sends.
   * @param {unknown} sent
   */
  withSent(sent) {
    /** @type {string[]} */
    const found = [];
    this.#collect(sent, found);
    const redactor = new Redactor(/** @type {any} */ ({ secrets: this.#secrets, personal: this.#personal }), []);
    redactor.#values = [...new Set([...this.#values, ...found])].sort((one, other) => other.length - one.length);
    return redactor;
  }

  /**
   * @param {unknown} value
   * @param {string[]} found
   */
  #collect(value, found) {
    if (Array.isArray(value)) for (const item of value) this.#collect(item, found);
    else if (value && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
      for (const [name, item] of Object.entries(value)) {
        if (this.#hides(name) && typeof item === "string" && item.length >= SHORTEST_SECRET) found.push(item);
        else this.#collect(item, found);
      }
    }
  }

  /** @param {string} name */
  #hides(name) {
    return this.#secrets.has(name) || this.#personal.has(name);
  }

  /** @param {string} text */
  text(text) {
    let masked = text;
    for (const value of this.#values) {
      for (const written of new Set([value, encodeURIComponent(value.toWellFormed?.() ?? value)])) masked = masked.replaceAll(written, MASK);
    }
    return masked.replace(/\b([\w.-]+)=([^&\s"']+)/g, (all, name) => (this.#secrets.has(name) ? `${name}=${MASK}` : all));
  }

  /**
   * The same JSON data with masked members and texts.
   * @param {unknown} value
   * @returns {unknown}
   */
  data(value) {
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.data(item));
    if (!value || typeof value !== "object" || Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [this.text(name), this.#hides(name) && isShown(item) ? MASK : this.data(item)]),
    );
  }
}

/**
 * Whether there is something to hide. The messages about a field stand in a list under its name, and are masked one by one.
 * @param {unknown} value
 */
const isShown = (value) => ["string", "number", "bigint"].includes(typeof value);
