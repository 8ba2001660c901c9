// What a controller answers; the interceptor beside puts it into the envelope.
import { type Expressed, OcpiProblem, type PageLimits, type PageQuery, pageHeaders } from '@evenkeel/ocpi';

export class OcpiAnswer {
  constructor(
    readonly httpStatus: 200 | 201,
    readonly data?: unknown,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

export function found(data: unknown): OcpiAnswer {
  return new OcpiAnswer(200, data);
}

/** Of something that we have to say: that it cannot be said is our fault. @throws OcpiProblem 3000 */
export function foundIn(said: Expressed<unknown>): OcpiAnswer {
  if (!said.ok) throw OcpiProblem.failed(said.reason);
  return found(said.wire);
}

export function stored(isNew: boolean, headers?: Readonly<Record<string, string>>): OcpiAnswer {
  return new OcpiAnswer(isNew ? 201 : 200, undefined, headers);
}

export const pageLimits: PageLimits = { usual: 100, most: 1000 };

export function page(url: string, query: PageQuery, total: number, items: unknown[]): OcpiAnswer {
  return new OcpiAnswer(200, items, pageHeaders(url, query, total, pageLimits));
}
