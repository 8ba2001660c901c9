// What the registry must be asked about a session, as far as that is known.
import type { ChargingTerms, ChargingTermsRequest } from '@evenkeel/contracts';
import { isOrphan } from './orphan';
import type { SessionState } from './session';
import { type SessionFacts, sameToken } from './session-facts';
import { beginningOf, evsePart } from './snapshot';

/** What the registry must be asked, once enough is known; undefined while something is missing and once the terms are agreed. */
export function termsToAsk(state: SessionState): ChargingTermsRequest | undefined {
  const { opened, facts, terms } = state;
  const at = beginningOf(state);
  if (opened === undefined || at === undefined || state.mergedInto !== undefined) return undefined;
  if (terms !== undefined && !lackPayer(terms, facts)) return undefined;
  if (isOrphan(state) && !(state.strayed && facts.standsAlone)) return undefined;
  const { evse } = facts;
  const token = facts.token ?? (isOrphan(state) ? facts.end?.token : undefined);
  // A 2.x transaction may start before the driver and the cable are known (OCPP 2.0.1 E01); its end is the last chance to learn them.
  if ((token === undefined || evse === undefined) && facts.end === undefined && state.closure === undefined) return undefined;
  return { party: opened.party, stationId: opened.stationId, at, ...evsePart(evse), ...(token ? { token } : {}) };
}

/**
 * An end that overtook the fact with the token had the session agreed with nobody to pay. Once the token is known the terms are agreed once
 * more, or the session would never be billed. Terms with a payer stay as they are.
 */
export function lackPayer(terms: ChargingTerms, { token }: SessionFacts): boolean {
  return terms.payer === undefined && token !== undefined && !(terms.token && sameToken(terms.token, token));
}
