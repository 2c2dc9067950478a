/** A file to upload. A `File` has a name of its own; bytes and a `Blob` are called after their argument. */
export type Uploadable = Blob | Uint8Array<ArrayBuffer> | { readonly data: Blob | Uint8Array<ArrayBuffer>; readonly name: string; readonly type?: string };
/** A file that the server sends; its content is read once, as one of these. */
export class Download {
  constructor(response: Response);
  /** The content while it arrives. */
  readonly stream: ReadableStream<Uint8Array>;
  readonly contentType: string;
  /** The name that the server gives it, without folders; empty if it gives none. */
  readonly name: string;
  bytes(): Promise<Uint8Array<ArrayBuffer>>;
  blob(): Promise<Blob>;
}
/** The file as a part of a form; throws InvalidArgument for what is no file. */
export function toPart(value: unknown, name: string): { blob: Blob; name: string };
