// The streams of what partners report to us: their sessions and their CDRs.
import type { PartyKey } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { WireCdr, WireSession } from '@evenkeel/ocpi';
import {
  type PartnerCdrCommand,
  type PartnerCdrEvent,
  type PartnerCdrState,
  partnerCdr,
  partnerCdrCodec,
  partnerCdrStream,
} from './partner-cdr';
import {
  type PartnerSessionCommand,
  type PartnerSessionEvent,
  type PartnerSessionRejection,
  type PartnerSessionState,
  partnerSession,
  partnerSessionCodec,
  partnerSessionStream,
} from './partner-session';

export class PartnerRecords {
  readonly sessions: StreamHandler<PartnerSessionState, PartnerSessionCommand, PartnerSessionEvent, PartnerSessionRejection>;
  readonly cdrs: StreamHandler<PartnerCdrState, PartnerCdrCommand, PartnerCdrEvent, 'differs'>;

  constructor(private readonly store: EventStore) {
    this.sessions = new StreamHandler({ store, decider: partnerSession, codec: partnerSessionCodec });
    this.cdrs = new StreamHandler({ store, decider: partnerCdr, codec: partnerCdrCodec });
  }

  /** As stored, whichever replica stored it: the newest event holds all of it. */
  async session(party: PartyKey, sessionId: string): Promise<WireSession | undefined> {
    const last = await this.store.readLast(partnerSessionStream(party, sessionId));
    return last && partnerSessionCodec.decode(last).data.session;
  }

  async cdr(party: PartyKey, cdrId: string): Promise<WireCdr | undefined> {
    const last = await this.store.readLast(partnerCdrStream(party, cdrId));
    return last && partnerCdrCodec.decode(last).data.cdr;
  }
}
