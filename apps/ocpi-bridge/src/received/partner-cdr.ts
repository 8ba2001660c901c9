// The decider of one CDR that a CPO sends us. A CDR never changes: the same one again is welcome, another one under its id is not
// (OCPI 2.2.1 mod_cdrs, POST).
import { idOf, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import type { WireCdr } from '@evenkeel/ocpi';
import { cdrFrom221 } from './upcasters';

export type PartnerCdrEvent = {
  type: 'PartnerCdrReceived';
  /** In the canonical form, whatever `version` it came in, whom it is about hidden (`Bearers.hidden`); the keyed fingerprint proves what was sent. */
  data: { partnerId: string; version: string; cdr: WireCdr; fingerprint: string };
};
export type PartnerCdrCommand = { kind: 'receive' } & PartnerCdrEvent['data'];
export interface PartnerCdrState {
  cdr?: WireCdr;
  fingerprint?: string;
}

export const partnerCdr: Decider<PartnerCdrState, PartnerCdrCommand, PartnerCdrEvent, 'differs'> = {
  initial: () => ({}),
  evolve: (_state, { data }) => ({ cdr: data.cdr, fingerprint: data.fingerprint }),
  decide: (state, { kind: _, ...data }) => {
    if (state.fingerprint === undefined) return accept<PartnerCdrEvent>({ type: 'PartnerCdrReceived', data });
    return state.fingerprint === data.fingerprint ? accept() : reject('differs');
  },
};

export const partnerCdrCodec: Codec<PartnerCdrEvent> = codecOf<PartnerCdrEvent>({ PartnerCdrReceived: [cdrFrom221] });

export const partnerCdrStreamPrefix = 'partnercdr-';

export function partnerCdrStream(party: PartyKey, cdrId: string): string {
  return `${partnerCdrStreamPrefix}${idOf('partner-cdr', party, cdrId.toLowerCase())}`;
}
