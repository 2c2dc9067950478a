// Files that are uploaded and downloaded.
import { ConnectionFailed, InvalidArgument } from "./errors.js";

export class Download {
  #response;

  /** @param {Response} response */
  constructor(response) {
    this.#response = response;
    this.contentType = response.headers.get("content-type") ?? "";
    this.name = readName(response.headers.get("content-disposition") ?? "");
  }

  get stream() {
    return this.#response.body ?? new ReadableStream({ start: (controller) => controller.close() });
  }

  async bytes() {
    return new Uint8Array(await this.#read((response) => response.arrayBuffer()));
  }

  async blob() {
    return this.#read((response) => response.blob());
  }

  /**
   * @template T
   * @param {(response: Response) => Promise<T>} read
   */
  async #read(read) {
    if (this.#response.bodyUsed) throw new InvalidArgument("the file was read already; read it once");
    try {
      return await read(this.#response);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new ConnectionFailed("the connection broke while the file was read; download it again", {}, true);
    }
  }
}

/** @param {string} header */
function readName(header) {
  const encoded = /filename\*\s*=\s*utf-8''([^;\s]+)/i.exec(header)?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header);
  const name = decode(encoded) ?? plain?.[1]?.replace(/\\(.)/g, "$1") ?? plain?.[2] ?? "";
  return name.split(/[/\\]/).at(-1)?.replace(/\p{Cc}/gu, "") ?? "";
}

/** @param {string | undefined} text */
function decode(text) {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {{ blob: Blob, name: string }}
 */
export function toPart(value, name) {
  if (value instanceof Blob) return { blob: value, name: value instanceof File && value.name ? value.name : name };
  if (value instanceof Uint8Array) return { blob: new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (value)]), name };
  if (typeof value === "object" && value !== null && "data" in value && "name" in value && typeof value.name === "string") {
    const type = "type" in value && typeof value.type === "string" ? value.type : "";
    return { blob: new Blob([toPart(value.data, name).blob], { type }), name: value.name };
  }
  throw new InvalidArgument(`${name} is no file (pass a Blob, a File, a Uint8Array, or {data, name, type})`);
}
