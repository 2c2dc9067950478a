/** JSON as the evaluator of signing schemes holds it: objects are Maps, numbers keep their digits. */
export type Value = string | boolean | null | Num | Value[] | Map<string, Value>;
export interface Num {
  readonly raw: string;
  readonly whole: boolean;
}
export type Pairs = [name: string, value: string][];
/** A request as data; `parameters` are the values of `path`, `query` or `body` that are known better than the text says. */
export interface WireRequest {
  readonly method: string;
  readonly headers: Pairs;
  readonly body: Uint8Array;
  readonly parameters: { readonly [place: string]: Map<string, Value> };
}
export interface Inputs {
  credentials: { [name: string]: string };
  settings: { [name: string]: string };
  nowMs: number;
  nonce: string;
}
export interface Context extends Inputs {
  scheme: Map<string, Value>;
  request: WireRequest;
  timestamp: string;
  signature: string;
}
export const procwiseBytes: {
  encodeUtf8(text: string): Uint8Array<ArrayBuffer>;
  decodeUtf8(bytes: Uint8Array): string;
  percent(text: string, safe?: string): string;
};
export const procwiseTexts: {
  Num: new (raw: string) => Num;
  parseJson(text: string): Value;
  compactJson(value: Value): string;
};
export const procwiseRequest: {
  requestOf(
    method: string,
    url: string,
    headers: Pairs,
    body: string | Uint8Array,
    parameters: { [place: string]: Map<string, Value> },
  ): WireRequest;
  urlOf(request: WireRequest): string;
};
export const procwiseSigner: {
  readScheme(json: string): Map<string, Value>;
  signRequest(
    scheme: Map<string, Value>,
    request: WireRequest,
    inputs: Inputs,
  ): Promise<{ message: string | Uint8Array; signature: string; request: WireRequest }>;
  evaluate(part: Value, context: Context): Promise<string | Uint8Array>;
  signatureOf(context: Context, message?: string | Uint8Array): Promise<string>;
};
export const procwiseNonces: { makeNonce(kind: string, last?: string): string };
