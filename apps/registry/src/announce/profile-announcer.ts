// Says that something at a station may charge faster or slower than before, for partners that have set a profile there. What it follows from is
// said too: who has asked for it knows already.
import { type EventStore, Relay } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { mirrorCodec, mirrorStreamPrefix } from '../mirror/mirror';
import type { StationView } from '../view/station-view';

/** Profiles that are installed, and limits that others have set. */
const KINDS: ReadonlySet<string> = new Set(['charging-profile', 'charging-limit']);
/** Sessions go on, and partners with them: what is older was followed by something else. */
const NEWS_MS = 5 * 60_000;

export interface ProfileRelayParts {
  store: EventStore;
  publisher: Pick<Publisher<'registry'>, 'say'>;
  stations: Pick<StationView, 'find'>;
  /** Epoch milliseconds. */
  now: () => number;
  onFailure: (error: unknown) => void;
}

export function profileRelay({ store, publisher, stations, now, onFailure }: ProfileRelayParts): Relay {
  return new Relay({
    store,
    name: 'registry-profiles',
    streamPrefixes: [mirrorStreamPrefix],
    eventTypes: ['ItemsChanged'],
    say: async (events) => {
      for (const stored of events) {
        const { recordedAt: changedAt, metadata } = stored;
        const { stationId, kind } = mirrorCodec.decode(stored).data;
        if (!KINDS.has(kind) || now() - Date.parse(changedAt) > NEWS_MS) continue;
        const station = await stations.find(stationId);
        if (!station) continue;
        const { party } = station.registered;
        const message = { party, stationId, changedAt, cause: metadata.causedBy ?? '' };
        await publisher.say('chargingProfilesChanged', party, message, stored.id);
      }
    },
    onFailure,
  });
}
