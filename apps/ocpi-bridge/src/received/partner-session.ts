// The decider of one session that a CPO reports to us. We keep it as it was sent; the newest `last_updated` wins.
import { idOf, mismatch, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { patched, v221, type WireSession } from '@evenkeel/ocpi';

export type PartnerSessionEvent = {
  type: 'PartnerSessionReceived';
  data: { partnerId: string; version: string; session: WireSession };
};
export type PartnerSessionCommand =
  | { kind: 'put'; partnerId: string; version: string; session: WireSession }
  | { kind: 'patch'; partnerId: string; version: string; patch: Record<string, unknown> & { last_updated: string } };
export type PartnerSessionRejection = { reason: 'unknown' } | { reason: 'invalid'; detail: string };
export interface PartnerSessionState {
  session?: WireSession;
}

export const partnerSession: Decider<PartnerSessionState, PartnerSessionCommand, PartnerSessionEvent, PartnerSessionRejection> = {
  initial: () => ({}),
  evolve: (_state, event) => ({ session: event.data.session }),
  decide: ({ session: known }, command) => {
    const { kind: _, partnerId, version } = command;
    const sentAt = command.kind === 'put' ? command.session.last_updated : command.patch.last_updated;
    if (command.kind === 'patch' && !known) return reject({ reason: 'unknown' });
    // Overtaken on its way: what we have is newer.
    if (known && Date.parse(sentAt) < Date.parse(known.last_updated)) return accept();
    if (command.kind === 'put') {
      return accept<PartnerSessionEvent>({ type: 'PartnerSessionReceived', data: { partnerId, version, session: command.session } });
    }
    const session = patched(known ?? {}, command.patch, ['charging_periods']);
    const wrong = mismatch(v221.session.schema, session);
    if (wrong !== undefined) return reject({ reason: 'invalid', detail: wrong });
    return accept<PartnerSessionEvent>({
      type: 'PartnerSessionReceived',
      data: { partnerId, version, session: session as WireSession },
    });
  },
};

export const partnerSessionCodec: Codec<PartnerSessionEvent> = codecOf<PartnerSessionEvent>({ PartnerSessionReceived: [] });

export function partnerSessionStream(party: PartyKey, sessionId: string): string {
  return `partnersession-${idOf('partner-session', party, sessionId.toLowerCase())}`;
}
