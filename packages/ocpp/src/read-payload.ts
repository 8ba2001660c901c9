// From an unvalidated payload to a typed one: one compiled validator for the many, a tolerant second reading for the few.
//
// By default a CSMS is tolerant towards stations, because a refused transaction message blocks the station's queue and loses a session.
// Certification runs are strict: they expect the CALLERROR of OCPP-J 1.6 section 4.2.3 and OCPP 2.0.1 Part 4 section 4.3.
import type { ErrorCode } from './error-codes';
import type { JsonObject } from './frame';
import type { Action, Request, Response, StationAction } from './messages';
import { type MessageSchema, requestSchema, responseSchema } from './schema';
import { type Deviation, tolerate, Unreadable } from './tolerance';
import type { OcppVersion } from './version';

export type Strictness = 'tolerant' | 'strict';

/**
 * A payload as its schema types it, apart from the listed deviations: text may be longer than allowed, a list may have lost items (down to
 * none), meterStart and meterStop may have decimals.
 */
export type Reading<T> =
  | { readonly readable: true; readonly payload: T; readonly deviations: readonly Deviation[] }
  | { readonly readable: false; readonly code: ErrorCode; readonly description: string };

/** A request as a station sends it; a tolerated TransactionEvent may come without its trigger. */
export type StationRequest<V extends OcppVersion, A extends StationAction<V>> = A extends 'TransactionEvent'
  ? Omit<Request<V, A>, 'triggerReason'> & Partial<Pick<Request<V, A>, 'triggerReason' & keyof Request<V, A>>>
  : Request<V, A>;

const NO_DEVIATIONS: readonly Deviation[] = Object.freeze([]);

export function readRequest<V extends OcppVersion, A extends StationAction<V>>(
  version: V,
  action: A,
  payload: JsonObject,
  strictness: Strictness = 'tolerant',
): Reading<StationRequest<V, A>> {
  return read(requestSchema(version, action), action, payload, strictness);
}

export function readResponse<V extends OcppVersion, A extends Action<V>>(
  version: V,
  action: A,
  payload: unknown,
  strictness: Strictness = 'tolerant',
): Reading<Response<V, A>> {
  return read(responseSchema(version, action), action, payload, strictness);
}

/** The answer to a CALL of ours, whose action is known at run time only. One that cannot be used is told by what the schema says. */
export function readAnswer(version: OcppVersion, action: string, payload: unknown): Reading<JsonObject> {
  const schema = responseSchema(version, action);
  const reading: Reading<JsonObject> = read(schema, action, payload, 'tolerant');
  return reading.readable ? reading : read(schema, action, payload, 'strict');
}

function read<T>(schema: MessageSchema | undefined, action: string, payload: unknown, strictness: Strictness): Reading<T> {
  if (schema === undefined) return { readable: false, code: 'NotImplemented', description: 'The action has no such message.' };
  if (strictness === 'strict') {
    const violation = schema.explain(payload);
    return violation === undefined ? accepted(payload, NO_DEVIATIONS) : { readable: false, ...violation };
  }
  if (schema.matches(payload)) return accepted(payload, NO_DEVIATIONS);
  const tolerated = tolerate(schema.source, action, payload);
  if (tolerated.payload instanceof Unreadable) return refused(tolerated.payload);
  return accepted(tolerated.payload, tolerated.deviations);
}

/** The only place where a payload takes its type: the schema it has just passed is the one the type was generated from. */
function accepted<T>(payload: unknown, deviations: readonly Deviation[]): Reading<T> {
  return { readable: true, payload: payload as T, deviations };
}

function refused(problem: Unreadable): Reading<never> {
  const subject = problem.path === '' ? 'The payload' : problem.path.slice(0, 150);
  return { readable: false, code: problem.code, description: `${subject} ${problem.problem}.` };
}
