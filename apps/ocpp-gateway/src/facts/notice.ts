// A report that asks nothing, as a fact. Said in the words of OCPP 2.1, so that nobody behind the gateway knows the version, and without the
// tokens in it, which stand there as their keys.
import { renamedPayload, type StationFactOf } from '@evenkeel/contracts';
import { isJsonObject, type Request, type StationAction } from '@evenkeel/ocpp';
import { commonFields, type FactOrigin, factIdOf, instantOf } from './fact-origin';

/** Payloads of OCPP 2.0.1 are payloads of 2.1: the newer version only added to them. */
export type Notice = { [A in StationAction<'2.1'>]: { readonly action: A; readonly payload: Request<'2.1', A> } }[StationAction<'2.1'>];

/** A notice has no natural key: the same state may be reported of two jobs. What hears a repetition knows it already. */
export function noticeFact(origin: FactOrigin, { action, payload }: Notice): StationFactOf<'station-notice-reported'> {
  const at = instantOf(timeOf(payload), origin);
  const factId = factIdOf(origin, action, origin.identity.of('notice', JSON.stringify(payload)), origin.receivedAt);
  return {
    kind: 'station-notice-reported',
    action,
    payload: renamedPayload(withoutTokenReader(payload) as object, { token: (uid) => origin.identity.tokenKey(uid) }),
    ...commonFields(origin, factId, at),
  };
}

function timeOf(payload: object): string | undefined {
  const { timestamp, generatedAt } = payload as { timestamp?: string; generatedAt?: string };
  return timestamp ?? generatedAt;
}

/** A variable of the token reader holds a person's card (OCPP 2.1 appendix 3, TokenReader.Token). */
const TOKEN_READER = 'TokenReader';

function withoutTokenReader(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTokenReader);
  if (!isJsonObject(value)) return value;
  const ofTokenReader = isJsonObject(value.component) && value.component.name === TOKEN_READER;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (ofTokenReader && name === 'actualValue') return [name, ''];
      if (ofTokenReader && name === 'variableAttribute') return [name, [{}]];
      return [name, withoutTokenReader(item)];
    }),
  );
}
