// What one answer of a partner is worth, whatever it is about: its envelope, its headers, and how it refuses. Pure: the exchange is made elsewhere.
import { type CheckOutcome, mismatch, type PartyKey } from '@evenkeel/contracts';
import {
  Envelope,
  knownFields,
  type Outcome,
  readRouting,
  readWire,
  statusCodes,
  type VersionNumber,
  type WireForms,
  wireForms,
} from '@evenkeel/ocpi';
import type { TSchema } from '@sinclair/typebox';
import type { Exchange } from '../client/partner-client';

/** A request that was made, and what came of it. */
export interface Asked {
  url: string;
  requestId: string;
  /** The parties of its routing headers; absent where it had none. */
  routing?: { from: PartyKey; to: PartyKey };
  exchange: Exchange;
}

export interface Verdict {
  outcome: CheckOutcome;
  detail: string;
}

export const passed = (detail: string): Verdict => ({ outcome: 'passed', detail });
export const warning = (detail: string): Verdict => ({ outcome: 'warning', detail });
export const failed = (detail: string): Verdict => ({ outcome: 'failed', detail });
export const skipped = (detail: string): Verdict => ({ outcome: 'skipped', detail });

const envelope = wireForms(Envelope);

/** Of a request that must be granted. */
export function judgeEnvelope({ exchange }: Asked): Verdict {
  if (exchange.kind === 'unreachable') return failed(exchange.reason);
  const { httpStatus, outcome, body, said } = exchange;
  if (outcome.kind !== 'acknowledged') return failed(`answered HTTP ${httpStatus}${inWords(outcome)}`);
  // A status code as text is understood (and some platforms write it so).
  const verdict = fitOf(envelope, { ...(body as object), status_code: said.code });
  const isText = typeof (body as Partial<Record<string, unknown>>).status_code === 'string';
  return isText && verdict.outcome === 'passed' ? warning('status_code is text, not a number') : verdict;
}

/** The data of a good answer, undefined of every other. */
export function dataOf({ exchange }: Asked): unknown {
  return exchange.kind === 'answered' && exchange.outcome.kind === 'acknowledged' ? exchange.outcome.data : undefined;
}

/** Failed where we cannot read the value, a warning where only a strict reader refuses it. Fields that we do not know are nobody's fault. */
export function fitOf<S extends TSchema>({ received, said }: WireForms<S>, value: unknown): Verdict {
  const read = readWire(received, value);
  if (!read.ok) return failed(read.reason);
  const refused = mismatch(said, knownFields(received, read.value));
  return refused === undefined ? passed('') : warning(refused);
}

/** OCPI 2.2.1 transport_and_format, Authorization header: HTTP 401, and nothing else. */
export function judgeWrongToken({ exchange }: Asked): Verdict {
  if (exchange.kind === 'unreachable') return failed(exchange.reason);
  return exchange.httpStatus === 401 ? passed('') : failed(`answered HTTP ${exchange.httpStatus}, not 401`);
}

/** OCPI 2.2.1 transport_and_format, and status_codes: HTTP 404, or 2003 in the envelope. */
export function judgeUnknown({ exchange }: Asked): Verdict {
  if (exchange.kind === 'unreachable') return failed(exchange.reason);
  const { httpStatus, said } = exchange;
  if (httpStatus === 404 || said.code === statusCodes.unknownLocation) return passed('');
  return failed(`answered HTTP ${httpStatus} with status ${said.code ?? 'none'}, neither 404 nor 2003`);
}

/** Tolerated by whoever is careful; no version says so. */
export function judgeSlash(asked: Asked): Verdict {
  return dataOf(asked) === undefined
    ? warning('a trailing slash at the end of an address is not answered as the address without it')
    : passed('');
}

/** OCPI 2.2.1 transport_and_format, Message Routing: every answer repeats the id of its request. OCPI 2.1.1 has no such header. */
export function judgeRequestIds(all: readonly Asked[], version: VersionNumber): Verdict {
  const answered = all.filter((asked) => dataOf(asked) !== undefined);
  if (answered.length === 0) return skipped('nothing was answered');
  const other = answered.find(({ exchange, requestId }) => exchange.kind === 'answered' && exchange.headers['x-request-id'] !== requestId);
  if (!other) return passed('');
  const detail = `X-Request-ID does not come back from ${pathOf(other)}`;
  return version === '2.1.1' ? warning(detail) : failed(detail);
}

/**
 * OCPI 2.2.1 transport_and_format, Message Routing Headers: the answer is from whom the request was for. Platforms of one party in one role may leave
 * the headers out.
 */
export function judgeRouting(all: readonly Asked[], parties: number): Verdict {
  const answered = all.filter((asked) => asked.routing !== undefined && dataOf(asked) !== undefined);
  if (answered.length === 0) return skipped('nothing with routing headers was answered');
  for (const asked of answered) {
    const { from, to } = asked.exchange.kind === 'answered' ? readRouting(asked.exchange.headers) : {};
    if (from === undefined && to === undefined && parties === 1) return warning(`${pathOf(asked)} has no routing headers in its answer`);
    if (from === asked.routing?.to && to === asked.routing?.from) continue;
    return failed(
      `the answer of ${pathOf(asked)} is from ${from ?? 'nobody'} to ${to ?? 'nobody'}, not from ${asked.routing?.to} to ${asked.routing?.from}`,
    );
  }
  return passed('');
}

function pathOf({ url }: Asked): string {
  return new URL(url).pathname;
}

function inWords(outcome: Outcome): string {
  if (outcome.kind === 'refused') return `: ${outcome.statusCode} ${outcome.message}`;
  return outcome.kind === 'transient' ? `: ${outcome.reason}` : '';
}
