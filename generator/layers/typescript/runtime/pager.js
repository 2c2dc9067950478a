// Lists across their pages: where a list ends, and what is no page of it.
import { InvalidArgument, UnexpectedResponse } from "./errors.js";

/**
 * @template T
 * @typedef {import("./pager.js").Page<T>} Page
 */

/** @template T */
export class Pager {
  #start;
  #read;

  /**
   * @param {number} start
   * @param {(page: number) => Promise<Page<T>>} read
   */
  constructor(start, read) {
    this.#start = checkPage(start);
    this.#read = read;
  }

  async *[Symbol.asyncIterator]() {
    for await (const page of this.pages()) yield* page.items;
  }

  async *pages() {
    /** @type {Walk<T>} */
    const walk = new Walk(this.#start);
    for (let number = this.#start; !walk.isOver; number += 1) {
      const page = await this.#read(number);
      walk.take(page, number);
      if (page.items.length) yield page;
    }
  }

  /** @param {number} number */
  async page(number) {
    return this.#read(checkPage(number));
  }

  async first() {
    return (await this.#read(this.#start)).items[0];
  }

  async all() {
    /** @type {T[]} */
    const items = [];
    for await (const item of this) items.push(item);
    return items;
  }
}

/**
 * One way through a list. It ends with an empty page, or with the last page if as many items came as the server counts,
 * or if that page is not full where nothing is counted.
 * @template T
 */
class Walk {
  isOver = false;
  #received = 0;
  /** @type {Set<unknown>} */
  #ids = new Set();
  #last = "";
  #start;
  #repeats = false;

  /** @param {number} start */
  constructor(start) {
    this.#start = start;
  }

  /**
   * @param {Page<T>} page
   * @param {number} number
   */
  take(page, number) {
    this.#checkItems(page, number);
    this.isOver = page.items.length ? this.#endsWith(page, number) : this.#isBehindLast(page, number);
  }

  /**
   * @param {Page<T>} page
   * @param {number} number
   */
  #checkItems(page, number) {
    const ids = page.items.map(idOf).filter((id) => id !== undefined);
    const known = ids.filter((id) => this.#ids.has(id)).length;
    const text = JSON.stringify(page.items, (_, value) => (typeof value === "bigint" ? String(value) : value));
    const isSame = page.items.length > 0 && (known === page.items.length || text === this.#last);
    if (isSame && (this.#repeats || number > (page.pageCount ?? 0))) {
      throw new UnexpectedResponse(`page ${number} holds nothing new, so items may be missing (does the server page its lists?)`);
    }
    this.#repeats = isSame;
    this.#last = text;
    const before = this.#ids.size;
    for (const id of ids) this.#ids.add(id);
    this.#received += page.items.length - ids.length + this.#ids.size - before;
  }

  /**
   * @param {Page<T>} page
   * @param {number} number
   */
  #isBehindLast(page, number) {
    if (page.pageCount !== null && number < page.pageCount) {
      throw new UnexpectedResponse(`page ${number} of ${page.pageCount} is empty, so items are missing`);
    }
    return true;
  }

  /**
   * @param {Page<T>} page
   * @param {number} number
   */
  #endsWith(page, number) {
    if (page.pageCount === null || number < page.pageCount) return false;
    const isCounted = page.itemCount !== null && (this.#start === 1 || page.limit !== null);
    if (!isCounted) return page.limit !== null && page.items.length < page.limit;
    return this.#received === Math.max(0, (page.itemCount ?? 0) - (this.#start - 1) * (page.limit ?? 0));
  }
}

/** @param {unknown} item */
function idOf(item) {
  const id = typeof item === "object" && item !== null && "id" in item ? item.id : undefined;
  return ["number", "string", "bigint"].includes(typeof id) ? id : undefined;
}

/** @param {number} number */
function checkPage(number) {
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgument("a page is a whole number from 1 on");
  return number;
}
