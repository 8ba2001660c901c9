// The decider of what is going on at a station: its connection and the state of its connectors, each as of the newest report. Reports come
// in any order; an older one changes nothing.
import type { StationFactOf } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export type LiveFact = StationFactOf<'station-connection-changed'> | StationFactOf<'connector-status-reported'>;

export type LiveStationEvent =
  | { type: 'ConnectionChanged'; data: { stationId: string; connected: boolean; at: string; ocppVersion: string } }
  | {
      type: 'ConnectorStatusChanged';
      data: { stationId: string; evseId: number; connectorId: number; status: string; errorCode?: string; at: string };
    };

export interface LiveStationState {
  connection?: { connected: boolean; at: string };
  connectors: Map<string, { status: string; errorCode?: string; at: string }>;
}

export const liveStationCodec: Codec<LiveStationEvent> = codecOf<LiveStationEvent>({ ConnectionChanged: [], ConnectorStatusChanged: [] });
export const liveStationStreamPrefix = 'livestation-';

export const liveStation: Decider<LiveStationState, LiveFact, LiveStationEvent> = {
  initial: () => ({ connectors: new Map() }),
  evolve: (state, event) => {
    if (event.type === 'ConnectionChanged') state.connection = { connected: event.data.connected, at: event.data.at };
    else state.connectors.set(keyOf(event.data), event.data);
    return state;
  },
  decide: (state, fact) => {
    if (fact.kind === 'station-connection-changed') {
      const { stationId, connected, at, ocppVersion } = fact;
      // Each new connection is kept, also while an older one stands: that one's end may be reported later, and must not end the new one.
      const last = state.connection;
      if (last && (at <= last.at || (!connected && !last.connected))) return accept();
      return accept<LiveStationEvent>({ type: 'ConnectionChanged', data: { stationId, connected, at, ocppVersion } });
    }
    const { stationId, evseId, connectorId, status, errorCode, at } = fact;
    const known = state.connectors.get(keyOf(fact));
    if (known && (at < known.at || (known.status === status && known.errorCode === errorCode))) return accept();
    return accept<LiveStationEvent>({
      type: 'ConnectorStatusChanged',
      data: { stationId, evseId, connectorId, status, ...(errorCode === undefined ? {} : { errorCode }), at },
    });
  },
};

function keyOf({ evseId, connectorId }: { evseId: number; connectorId: number }): string {
  return `${evseId}/${connectorId}`;
}
