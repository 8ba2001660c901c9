// Everything the console can answer instead of what was asked, as problem details (RFC 9457). The codes of the other services keep their
// HTTP status (`httpStatusOf`); the rest is HTTP's own and the stations'.
import { Problem } from '@evenkeel/contracts';
import { HttpException } from '@nestjs/common';
import { Type } from '@sinclair/typebox';

export const problemKinds = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'Nobody is logged in' },
  forbidden: { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'There is no such thing' },
  'method-not-allowed': { status: 405, title: 'The path has no such method' },
  conflict: { status: 409, title: 'It contradicts what is there already' },
  offline: { status: 409, title: 'The station is not connected' },
  'not-supported': { status: 422, title: 'The version of OCPP, or of OCPI, that the other side speaks does not have it' },
  'too-large': { status: 413, title: 'The body is too large' },
  'unsupported-media-type': { status: 415, title: 'The body is not JSON' },
  'too-many-attempts': { status: 429, title: 'Too many failed logins' },
  internal: { status: 500, title: 'The console failed' },
  'station-refused': { status: 502, title: 'The station answered with an error' },
  unavailable: { status: 503, title: 'A service is not there' },
  timeout: { status: 504, title: 'The answer did not come in time' },
} as const;
export type ProblemKind = keyof typeof problemKinds;

/** RFC 9457. `code` is the last part of `type`; `errorCode` is the code of a station's CALLERROR, `commandId` the command that failed. */
export const ProblemDetails = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  detail: Type.String(),
  code: Type.Union((Object.keys(problemKinds) as ProblemKind[]).map((kind) => Type.Literal(kind))),
  instance: Type.String(),
  errorCode: Type.Optional(Type.String()),
  commandId: Type.Optional(Type.String()),
});

interface Extras {
  readonly headers?: Readonly<Record<string, string>>;
  /** Members beside those that every problem has. */
  readonly members?: { readonly errorCode?: string; readonly commandId?: string };
}

export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';

  constructor(
    readonly kind: ProblemKind,
    detail: string,
    readonly extras: Extras = {},
  ) {
    super(detail);
  }

  /** A 401 says how to authenticate (RFC 9110 section 15.5.2, RFC 6750 section 3). */
  static unauthenticated(detail: string, error?: 'invalid_token'): HttpProblem {
    const challenge = error === undefined ? 'Bearer realm="evenkeel"' : `Bearer realm="evenkeel", error="${error}"`;
    return new HttpProblem('unauthenticated', detail, { headers: { 'www-authenticate': challenge } });
  }
}

/** @returns what the caller may know of any error: of our own failures, only that they are ours. */
export function httpProblemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Problem) return new HttpProblem(error.code, error.message);
  const status = statusOf(error);
  const kind = kindOfClientError(status);
  if (kind && error instanceof Error) return new HttpProblem(kind, error.message);
  return new HttpProblem('internal', 'the console failed; its log says why');
}

/** Nest and fastify name their errors by status. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

function kindOfClientError(status: number | undefined): ProblemKind | undefined {
  if (status === undefined || status < 400 || status > 499) return undefined;
  const named = (Object.keys(problemKinds) as ProblemKind[]).find((kind) => problemKinds[kind].status === status);
  return named ?? 'invalid';
}
