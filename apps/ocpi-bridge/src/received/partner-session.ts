// The decider of one session that a CPO reports to us. We keep it in the canonical form, whatever version it came in; the newest `last_updated` wins.
import { idOf, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { fingerprintOf, instantOf, type Read, type WireSession } from '@evenkeel/ocpi';
import { sessionFrom221 } from './upcasters';

export type PartnerSessionEvent = {
  type: 'PartnerSessionReceived';
  data: { partnerId: string; version: string; session: WireSession };
};
export type PartnerSessionCommand =
  | { kind: 'put'; partnerId: string; version: string; session: WireSession }
  /**
   * `change`: the session after the PATCH, which is in the words of the partner's version. `known`: the session as stored when the PATCH came,
   * for a replica that has not heard of it yet.
   */
  | {
      kind: 'patch';
      partnerId: string;
      version: string;
      known?: WireSession;
      sentAt: string;
      change: (known: WireSession) => Read<WireSession>;
    };
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
    const sentAt = command.kind === 'put' ? command.session.last_updated : command.sentAt;
    // Overtaken on its way: what we have is newer.
    if (known && instantOf(sentAt) < instantOf(known.last_updated)) return accept();
    if (command.kind === 'put') {
      // Lists are read again and again.
      if (known && fingerprintOf(command.session) === fingerprintOf(known)) return accept();
      return accept<PartnerSessionEvent>({ type: 'PartnerSessionReceived', data: { partnerId, version, session: command.session } });
    }
    if (!known) return reject({ reason: 'unknown' });
    const changed = command.change(known);
    if (!changed.ok) return reject({ reason: 'invalid', detail: changed.reason });
    return accept<PartnerSessionEvent>({ type: 'PartnerSessionReceived', data: { partnerId, version, session: changed.value } });
  },
};

export const partnerSessionCodec: Codec<PartnerSessionEvent> = codecOf<PartnerSessionEvent>({ PartnerSessionReceived: [sessionFrom221] });

export function partnerSessionStream(party: PartyKey, sessionId: string): string {
  return `partnersession-${idOf('partner-session', party, sessionId.toLowerCase())}`;
}
