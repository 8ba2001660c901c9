// How texts are ordered where an order must not depend on the language of the machine: RFC 3339 instants in UTC and ids.

/** @returns a negative number, 0 or a positive number, as `Array.sort` wants it. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
