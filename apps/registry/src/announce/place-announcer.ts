// Says that a location or a tariff is not what it was, for partners that roam with us. The state of an EVSE is part of its location. It is said
// once the tables show it, because whoever hears it reads it there.
import { type Message, partyKey } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import type { Projector } from '@evenkeel/read-model';
import { documentCodec, documentStreamPrefixes } from '../catalogue/catalogue';
import { liveStationCodec, liveStationStreamPrefix } from '../station/live-station';
import { stationCodec, stationStreamPrefix } from '../station/station';
import type { RegistryTables } from '../view/registry-tables';
import type { StationView } from '../view/station-view';

export interface PlaceRelayParts {
  store: EventStore;
  publisher: Pick<Publisher<'registry'>, 'say'>;
  projector: Pick<Projector<RegistryTables>, 'reached'>;
  stations: Pick<StationView, 'find'>;
  /** Epoch milliseconds. */
  now: () => number;
  onFailure: (error: unknown) => void;
}

/** What is older than this is no news to anybody: partners have read it since. */
const NEWS_MS = 60 * 60_000;

type Changed =
  | { name: 'locationChanged'; message: Message<'locationChanged'> }
  | { name: 'tariffChanged'; message: Message<'tariffChanged'> };

export function placeRelay({ store, publisher, projector, stations, now, onFailure }: PlaceRelayParts): Relay {
  return new Relay({
    store,
    name: 'registry-places',
    streamPrefixes: [...documentStreamPrefixes, stationStreamPrefix, liveStationStreamPrefix],
    eventTypes: ['DocumentRegistered', 'DocumentChanged', 'StationRegistered', 'StationChanged', 'ConnectorStatusChanged'],
    say: async (events) => {
      const news = events.filter(({ recordedAt }) => now() - Date.parse(recordedAt) < NEWS_MS);
      const last = news.at(-1);
      if (!last) return;
      await projector.reached(last.position);
      for (const { changed, id } of await latestOfEach(news, stations)) {
        if (changed.name === 'locationChanged') await publisher.say(changed.name, changed.message.party, changed.message, id);
        if (changed.name === 'tariffChanged') await publisher.say(changed.name, changed.message.party, changed.message, id);
      }
    },
    onFailure,
  });
}

/** A location has as many stations as it has: of several changes in a batch the last one is enough. */
async function latestOfEach(
  news: readonly StoredEvent[],
  stations: Pick<StationView, 'find'>,
): Promise<{ changed: Changed; id: string }[]> {
  const latest = new Map<string, { changed: Changed; id: string }>();
  for (const stored of news) {
    const changed = await changedBy(stored, stations);
    if (!changed) continue;
    const { party } = changed.message;
    const objectId = changed.name === 'locationChanged' ? changed.message.locationId : changed.message.tariffId;
    latest.set([changed.name, party, objectId].join('/'), { changed, id: stored.id });
  }
  return [...latest.values()];
}

async function changedBy(stored: StoredEvent, stations: Pick<StationView, 'find'>): Promise<Changed | undefined> {
  const lastUpdated = stored.recordedAt;
  if (stored.stream.startsWith(stationStreamPrefix) || stored.stream.startsWith(liveStationStreamPrefix)) {
    const stationId = stationIdIn(stored);
    const row = stationId === undefined ? undefined : await stations.find(stationId);
    if (!row) return undefined;
    const { party, locationId } = row.registered;
    return { name: 'locationChanged', message: { party, locationId, lastUpdated } };
  }
  const { data } = documentCodec.decode(stored);
  if (data.kind === 'location') {
    const { party, locationId } = data.document;
    return { name: 'locationChanged', message: { party, locationId, lastUpdated } };
  }
  const { countryCode, partyId, id: tariffId } = data.document;
  return { name: 'tariffChanged', message: { party: partyKey(countryCode, partyId), tariffId, lastUpdated } };
}

/** Connector 0 is the station itself, which no partner sees. */
function stationIdIn(stored: StoredEvent): string | undefined {
  if (stored.stream.startsWith(liveStationStreamPrefix)) {
    const event = liveStationCodec.decode(stored);
    return event.type === 'ConnectorStatusChanged' && event.data.evseId > 0 ? event.data.stationId : undefined;
  }
  const event = stationCodec.decode(stored);
  if (event.type === 'StationRegistered') return event.data.station.stationId;
  return event.type === 'StationChanged' ? event.data.stationId : undefined;
}
