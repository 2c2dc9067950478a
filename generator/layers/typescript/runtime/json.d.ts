import type { Value } from "./evaluator.js";

/** A number that JavaScript cannot hold as it was written, such as `1.0` or one of 23 digits with a fraction. */
export class Decimal {
  constructor(text: string);
  /** The number as it was written. */
  toString(): string;
  /** The nearest number of JavaScript. */
  valueOf(): number;
  toJSON(): number;
}
/** What can be sent as JSON. Members that are `undefined` are left out; a `Date` is sent as its ISO text. */
export type Json =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Decimal
  | Date
  | readonly Json[]
  | { readonly [name: string]: Json };

/**
 * JSON without loss: an integer beyond 2^53 is a `bigint`, a number whose text a `number` would change is a `Decimal`.
 * Throws SyntaxError.
 */
export function readJson(text: string): unknown;
/** As `readJson`, but a number is kept as text only if its value would change: `1.0` is 1. */
export function readValues(text: string): unknown;
/** The value as the evaluator of signing schemes holds it; throws InvalidArgument for what cannot be sent. */
export function toValue(value: unknown): Value;
/** The value as text outside of JSON, as in an address or a form. */
export function toText(value: unknown): string;
/** The value as JSON without blanks; throws InvalidArgument for what cannot be sent. */
export function writeJson(value: unknown): string;
