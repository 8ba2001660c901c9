// What holds for our drivers' sessions at CPOs: kept as they tell it, and read back.
import { randomUUID } from 'node:crypto';
import { type ActiveLimits, type PartnerProfile, type PartyKey, Problem } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import { activeProfile, activeProfileCodec, activeProfileStream } from './active-profile';

export class ActiveProfiles {
  private readonly profiles;

  constructor(store: EventStore) {
    // They are told to any replica.
    this.profiles = new StreamHandler({ store, decider: activeProfile, codec: activeProfileCodec, cachedStates: 0 });
  }

  async keep(partner: PartyKey, sessionId: string, active: ActiveLimits): Promise<void> {
    const told = { partner, sessionId, active, at: new Date().toISOString() };
    await this.profiles.handle(activeProfileStream(partner, sessionId), told, { cause: randomUUID() });
  }

  /** @throws Problem `not-found` where the CPO has told none. */
  async get(partner: PartyKey, sessionId: string): Promise<PartnerProfile> {
    const { told } = (await this.profiles.load(activeProfileStream(partner, sessionId))).state;
    if (!told) throw new Problem('not-found', `${partner} has not told what holds for session ${sessionId}`);
    return { partner, sessionId: told.sessionId, active: told.active, toldAt: told.at };
  }
}
