// The decider of one session that a CPO reports to us. We keep it as it was sent; the newest `last_updated` wins.
import { fits, idOf, mismatch, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { patched, v221, type WireSession } from '@evenkeel/ocpi';

export type PartnerSessionEvent = {
  type: 'PartnerSessionReceived';
  data: { partnerId: string; version: string; session: WireSession };
};
export type PartnerSessionCommand =
  | { kind: 'put'; partnerId: string; version: string; session: WireSession }
  /** `known`: the session as stored when the PATCH came, for a replica that has not heard of it yet. */
  | { kind: 'patch'; partnerId: string; version: string; known?: WireSession; patch: Record<string, unknown> & { last_updated: string } };
export type PartnerSessionRejection = { reason: 'unknown' } | { reason: 'invalid'; detail: string };
export interface PartnerSessionState {
  session?: WireSession;
}

export const partnerSession: Decider<PartnerSessionState, PartnerSessionCommand, PartnerSessionEvent, PartnerSessionRejection> = {
  initial: () => ({}),
  evolve: (_state, event) => ({ session: event.data.session }),
  decide: ({ session }, command) => {
    const { partnerId, version } = command;
    const known = session ?? (command.kind === 'patch' ? command.known : undefined);
    const sentAt = command.kind === 'put' ? command.session.last_updated : command.patch.last_updated;
    if (command.kind === 'patch' && !known) return reject({ reason: 'unknown' });
    // Overtaken on its way: what we have is newer.
    if (known && Date.parse(sentAt) < Date.parse(known.last_updated)) return accept();
    if (command.kind === 'put') {
      return accept<PartnerSessionEvent>({ type: 'PartnerSessionReceived', data: { partnerId, version, session: command.session } });
    }
    const changed = patched(known ?? {}, command.patch, ['charging_periods']);
    if (!fits(v221.session.schema, changed)) {
      return reject({ reason: 'invalid', detail: mismatch(v221.session.schema, changed) ?? 'it does not fit' });
    }
    return accept<PartnerSessionEvent>({ type: 'PartnerSessionReceived', data: { partnerId, version, session: changed } });
  },
};

export const partnerSessionCodec: Codec<PartnerSessionEvent> = codecOf<PartnerSessionEvent>({ PartnerSessionReceived: [] });

export function partnerSessionStream(party: PartyKey, sessionId: string): string {
  return `partnersession-${idOf('partner-session', party, sessionId.toLowerCase())}`;
}
