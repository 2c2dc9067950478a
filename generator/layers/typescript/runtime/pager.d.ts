/** One page of a list, counted from 1; a count is null if the server did not send it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly number: number;
  readonly limit: number | null;
  readonly itemCount: number | null;
  readonly pageCount: number | null;
}
/** A list across all its pages; iterate over it with `for await`. No request is made before. */
export class Pager<T> implements AsyncIterable<T> {
  constructor(start: number, read: (page: number) => Promise<Page<T>>);
  [Symbol.asyncIterator](): AsyncIterator<T>;
  /** All pages in order, without an empty one at the end. */
  pages(): AsyncGenerator<Page<T>, void, undefined>;
  /** That page alone. */
  page(number: number): Promise<Page<T>>;
  /** The first item, or undefined; reads one page. */
  first(): Promise<T | undefined>;
  /** All items. */
  all(): Promise<T[]>;
}
