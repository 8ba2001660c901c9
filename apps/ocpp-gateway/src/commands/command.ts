// What is wanted of a station, as an OCPP CALL of the station's version that is valid by its schema. We are tolerant towards stations and
// strict with what we send ourselves.
import { Problem, type Request } from '@evenkeel/contracts';
import { type CsmsAction, isCsmsAction, meaningOf, requestSchema, sayIn, Untranslatable, type Urgency } from '@evenkeel/ocpp';
import type { SpokenVersion } from '../connection/station';

type Wanted = Request<'callStation'>['call'];

/** A call in the words of OCPP 2.1, with what its answer means there. */
interface Meaning {
  readonly action: string;
  readonly request: object;
  answer(payload: object): object;
}

export interface Command {
  readonly action: string;
  readonly payload: object;
  readonly urgency: Urgency;
  /** Absent where OCPP 2.1 has nothing that means the same. */
  readonly meaning?: Meaning | undefined;
}

/** @throws Problem `not-supported` for what the version does not know, `invalid` for what its schema forbids. */
export function commandFor(version: SpokenVersion, wanted: Wanted): Command {
  const { action, payload, meaning } = wanted.kind === 'raw' ? raw(version, wanted) : neutral(version, wanted);
  if (!isCsmsAction(version, action)) throw new Problem('not-supported', `OCPP ${version} has no command ${action}`);
  const violation = requestSchema(version, action)?.explain(payload);
  if (violation !== undefined) throw new Problem('invalid', `${action}: ${violation.description}`);
  return { action, payload, urgency: urgencyOf(action), meaning: meaning() };
}

/** The meaning is read after the schema has been passed. */
interface Translated {
  readonly action: string;
  readonly payload: object;
  meaning(): Meaning | undefined;
}

function raw(version: SpokenVersion, { action, payload }: Wanted): Translated {
  return { action, payload, meaning: () => meaningOf(version, action, payload) };
}

function neutral(version: SpokenVersion, { action, payload: request }: Wanted): Translated {
  if (!isCsmsAction('2.1', action)) throw new Problem('invalid', `OCPP 2.1 has no command ${action}`);
  const violation = requestSchema('2.1', action)?.explain(request);
  if (violation !== undefined) throw new Problem('invalid', `${action}: ${violation.description}`);
  try {
    const said = sayIn(version, action, request);
    return { action: said.action, payload: said.payload, meaning: () => ({ action, request, answer: said.answer }) };
  } catch (error) {
    if (error instanceof Untranslatable) throw new Problem('not-supported', error.message);
    throw error;
  }
}

const TRANSACTION_ACTIONS: ReadonlySet<string> = new Set<CsmsAction<'1.6'> | CsmsAction<'2.1'>>([
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'RequestStartTransaction',
  'RequestStopTransaction',
  'UnlockConnector',
]);

/** What may be sent to a station that is not accepted yet (OCPP 2.0.1 B02.FR.02; OCPP 1.6 section 4.2). */
export function isConfiguring({ action }: Command): boolean {
  return !TRANSACTION_ACTIONS.has(action) && action !== 'ReserveNow';
}

/** Somebody stands at the station and waits for these; reports can wait. */
function urgencyOf(action: string): Urgency {
  if (TRANSACTION_ACTIONS.has(action)) return 'transaction';
  return action.startsWith('Get') ? 'report' : 'configuration';
}
