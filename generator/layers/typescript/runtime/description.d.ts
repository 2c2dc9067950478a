import type { ApiError } from "./errors.js";

/** One argument of an operation: its name for callers, its name in the request, and where it is sent. */
export interface Argument {
  readonly name: string;
  readonly wire: string;
  readonly place: "path" | "query" | "header" | "body" | "whole";
  readonly required?: boolean;
  readonly file?: boolean;
  readonly json?: boolean;
  readonly style?: string;
}
export interface Lookup {
  readonly operation: string;
  readonly match: readonly string[];
  readonly created: string;
  /** Whether the list has objects like the one that is returned by the creation, and not parts of them. */
  readonly whole: boolean;
}
export interface Paging {
  readonly page: string;
  readonly limit: string;
  readonly most: number;
  readonly itemCount: string;
  readonly pageCount: string;
  readonly pageHeader: string;
  readonly limitHeader: string;
}
export interface JobStates {
  readonly field: string;
  readonly success: readonly string[];
  readonly failure: readonly string[];
}
/** One operation, as the generated code describes it. `answer` is what a success holds. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly signed: boolean;
  readonly retry: "safe" | "never" | "verify";
  readonly arguments: readonly Argument[];
  readonly sends: string;
  readonly answer: "json" | "file" | "nothing";
  readonly wrapper: string;
  readonly lookup?: Lookup;
  readonly paging?: Paging;
  readonly job?: JobStates;
}
/** One version of the API: its address, credentials, signature, errors and operations. */
export interface Service {
  readonly name: string;
  readonly basePath: string;
  readonly accept: string;
  readonly example: string;
  readonly tokenHeader: string;
  readonly tokenFormat: string;
  /** The value of `x-signing` as JSON text, empty if no request is signed. */
  readonly scheme: string;
  /** The same for requests without a body, if the signature of others stands in the body. */
  readonly schemeWithoutBody: string;
  /** Whether the scheme signs one set of parameters, so that lists are signed and sent as Rails reads them. */
  readonly signsParameters: boolean;
  readonly nonce: string;
  readonly credentials: readonly string[];
  readonly settings: readonly string[];
  readonly secrets: readonly string[];
  readonly personal: readonly string[];
  readonly codeMembers: readonly string[];
  readonly codes: { readonly [code: string]: { readonly meaning: string; readonly hint: string } };
  readonly operations: { readonly [id: string]: Operation };
}
export type StatusErrors = { readonly [status: number]: typeof ApiError };
/** The values of the arguments of a call, by name. */
export type Arguments = { readonly [name: string]: unknown };
