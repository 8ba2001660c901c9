// The headers that say which message this is and between which parties it travels (OCPI 2.2.1 transport_and_format, Message Routing).
import { type PartyKey, partyKey, splitPartyKey } from '@evenkeel/contracts';

export const requestIdHeaders = ['x-request-id', 'x-correlation-id'] as const;

export interface Routing {
  from?: PartyKey;
  to?: PartyKey;
}

/** Functional modules carry them always; versions and credentials never do. */
export function writeRouting({ from, to }: Routing): Record<string, string> {
  return { ...named('from', from), ...named('to', to) };
}

/** @returns only complete pairs; a partner with a single role may leave them out. */
export function readRouting(headers: Readonly<Record<string, string | string[] | undefined>>): Routing {
  const [from, to] = [partyIn(headers, 'from'), partyIn(headers, 'to')];
  return { ...(from ? { from } : {}), ...(to ? { to } : {}) };
}

function named(side: 'from' | 'to', party: PartyKey | undefined): Record<string, string> {
  if (party === undefined) return {};
  const { countryCode, partyId } = splitPartyKey(party);
  return { [`ocpi-${side}-country-code`]: countryCode, [`ocpi-${side}-party-id`]: partyId };
}

function partyIn(headers: Readonly<Record<string, string | string[] | undefined>>, side: 'from' | 'to'): PartyKey | undefined {
  const country = headers[`ocpi-${side}-country-code`];
  const party = headers[`ocpi-${side}-party-id`];
  return typeof country === 'string' && typeof party === 'string' ? partyKey(country, party) : undefined;
}
