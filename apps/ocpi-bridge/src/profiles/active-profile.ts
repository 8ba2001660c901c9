// The decider of what holds for one session at a CPO, by its newest word: the charger's own calculation, which we asked for or were told of.
import { type ActiveLimits, idOf, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

interface Told {
  partner: PartyKey;
  sessionId: string;
  active: ActiveLimits;
  at: string;
}

export type ActiveProfileEvent = { type: 'ActiveProfileTold'; data: Told };
export interface ActiveProfileState {
  told?: Told;
}

export const activeProfile: Decider<ActiveProfileState, Told, ActiveProfileEvent> = {
  initial: () => ({}),
  evolve: (_, event) => ({ told: event.data }),
  // A calculation that is older than the one we have was overtaken on its way.
  decide: ({ told }, data) =>
    told && Date.parse(data.active.startAt) < Date.parse(told.active.startAt)
      ? accept()
      : accept<ActiveProfileEvent>({ type: 'ActiveProfileTold', data }),
};

export const activeProfileCodec: Codec<ActiveProfileEvent> = codecOf<ActiveProfileEvent>({ ActiveProfileTold: [] });

export function activeProfileStream(partner: PartyKey, sessionId: string): string {
  return `partnerprofile-${idOf('partner-profile', partner, sessionId.toLowerCase())}`;
}
