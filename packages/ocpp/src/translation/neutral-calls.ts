// Calls in the words of OCPP 2.1, said to a station of any version. The payloads of OCPP 2.0.1 are those of 2.1 where 2.0.1 has the action;
// what it does not know is not sent to it.
import { type Action, isCsmsAction } from '../messages';
import { requestSchema } from '../schema';
import type { OcppVersion } from '../version';
import type { CallTranslation } from './call-translation';
import { chargingCalls } from './charging-calls-v16';
import { Untranslatable } from './untranslatable';
import { upkeepCalls } from './upkeep-calls-v16';

const callTranslations: readonly CallTranslation[] = [...chargingCalls, ...upkeepCalls];

/** What goes over the wire, and how its answer reads in the words of OCPP 2.1. */
export interface SaidCall {
  readonly action: string;
  readonly payload: object;
  answer(payload: object): object;
}

/** A call that somebody made in the station's own version, in the words of OCPP 2.1. */
export interface MeantCall {
  readonly action: string;
  readonly request: object;
  answer(payload: object): object;
}

/** @throws Untranslatable when the version has no way to say it, or none that its schema allows. */
export function sayIn(version: OcppVersion, action: Action<'2.1'>, request: object): SaidCall {
  const said = version === '1.6' ? saidIn16(action, request) : { action, payload: request, answer: asIs };
  if (!isCsmsAction(version, said.action)) throw new Untranslatable(`OCPP ${version} has no ${action}`);
  const violation = requestSchema(version, said.action)?.explain(said.payload);
  if (violation !== undefined) throw new Untranslatable(`OCPP ${version} ${said.action}: ${violation.description}`);
  return said;
}

function saidIn16(action: Action<'2.1'>, request: object): SaidCall {
  const found = callTranslations.find(({ neutral, says }) => neutral === action && says(request));
  if (found === undefined) throw new Untranslatable(`OCPP 1.6 has no ${action}`);
  return { action: found.wire, payload: found.request(request), answer: (payload) => found.answer(payload, request) };
}

/** @returns undefined where OCPP 2.1 has nothing that means the same. */
export function meaningOf(version: OcppVersion, action: string, request: object): MeantCall | undefined {
  if (version !== '1.6') return { action, request, answer: asIs };
  const found = callTranslations.find(({ wire }) => wire === action);
  if (found === undefined) return undefined;
  const meant = found.meaning(request);
  return { action: found.neutral, request: meant, answer: (payload) => found.answer(payload, meant) };
}

function asIs(payload: object): object {
  return payload;
}
