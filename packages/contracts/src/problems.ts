// How a request between services is answered when it is not granted. A problem is a value with a code; the edges map it to HTTP (RFC 9457)
// or to an OCPI status code.
export const problemCodes = [
  'invalid',
  'not-found',
  'conflict',
  'forbidden',
  'unavailable',
  'timeout',
  'offline',
  'not-supported',
] as const;
export type ProblemCode = (typeof problemCodes)[number];

export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    detail: string,
  ) {
    super(detail);
  }
}

/** The envelope on the wire. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: { code: ProblemCode; detail: string } };
