// The stations connected to this process. Of two connections of one station the newest wins: the older one is usually half dead, and
// refusing the new one would lock the station out until the old one times out.
import { randomUUID } from 'node:crypto';
import { idOf, type StationFactOf } from '@evenkeel/contracts';
import type { Log } from '@evenkeel/service';
import type { SayFact } from '../announce/say-fact';
import type { CommandDesk } from '../commands/command-desk';
import type { GatewayMetrics } from '../metrics/gateway-metrics';
import { CLOSE, type StationConnection } from './station-connection';

interface Live {
  readonly connection: StationConnection;
  readonly stopListening: () => void;
  /** Which turn of the wheel pings it. */
  readonly spoke: number;
}

/** One timer for all: a turn of the wheel takes the ping interval, and each spoke pings its share of the connections. */
const SPOKES = 20;
/** A connection that was silent for this many ping intervals is dead. */
const SILENT_INTERVALS = 2;
const ANNOUNCE_AGAIN_MS = 2_000;
/** What a stopping process gives stations to close their side. */
const CLOSING_MS = 1_000;

export class LiveStations {
  private readonly byKey = new Map<string, Live>();
  private readonly wheel: NodeJS.Timeout;
  private turn = 0;
  private nextSpoke = 0;
  private stopping = false;

  constructor(
    private readonly facts: Pick<SayFact, 'say'>,
    private readonly commands: CommandDesk,
    private readonly metrics: GatewayMetrics,
    private readonly log: Log,
    private readonly pingIntervalMs: number,
  ) {
    this.wheel = setInterval(() => this.turnWheel(), Math.max(pingIntervalMs / SPOKES, 10));
  }

  add(connection: StationConnection): void {
    const { station } = connection;
    const older = this.byKey.get(station.key);
    this.nextSpoke = (this.nextSpoke + 1) % SPOKES;
    this.byKey.set(station.key, { connection, stopListening: this.commands.listenFor(connection), spoke: this.nextSpoke });
    this.metrics.connected(station.version, 1);
    connection.onClosed(() => this.remove(connection));
    if (older) {
      this.metrics.replaced();
      older.stopListening();
      older.connection.close(CLOSE.replaced, 'replaced by a newer connection');
    }
    void this.announce(connection, true);
  }

  /** Lets every station have the answers it is owed, then closes. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    clearInterval(this.wheel);
    const all = [...this.byKey.values()];
    for (const { stopListening } of all) stopListening();
    const gone = Promise.all(all.map(({ connection }) => new Promise<void>((resolve) => connection.onClosed(resolve))));
    await within(graceMs, Promise.all(all.map(({ connection }) => connection.finish())));
    await within(CLOSING_MS, gone);
    for (const { connection } of all) connection.terminate();
    await Promise.all(all.map(({ connection }) => this.announce(connection, false)));
  }

  private remove(connection: StationConnection): void {
    const { station } = connection;
    this.metrics.connected(station.version, -1);
    const live = this.byKey.get(station.key);
    // A replaced connection is not the station's end.
    if (live?.connection !== connection) return;
    live.stopListening();
    this.byKey.delete(station.key);
    if (!this.stopping) void this.announce(connection, false);
  }

  /** No station repeats this fact for us, so it is tried until it is durable or out of date. */
  private async announce(connection: StationConnection, connected: boolean): Promise<void> {
    const fact = connectionFact(connection, connected);
    for (;;) {
      try {
        await this.facts.say(fact, JSON.stringify(fact).length);
        return;
      } catch (error) {
        const { stationId } = connection.station;
        this.log.warn({ error, stationId, connected }, 'a connection could not be announced');
        if (this.stopping) return;
      }
      await new Promise((resolve) => setTimeout(resolve, ANNOUNCE_AGAIN_MS).unref());
      if (connected !== (this.byKey.get(connection.station.key)?.connection === connection)) return;
    }
  }

  private turnWheel(): void {
    const nowMs = Date.now();
    this.turn = (this.turn + 1) % SPOKES;
    for (const { connection, spoke } of this.byKey.values()) {
      connection.commands.expire(nowMs);
      if (spoke !== this.turn) continue;
      if (nowMs - connection.lastHeardAtMs >= SILENT_INTERVALS * this.pingIntervalMs) {
        this.log.info({ stationId: connection.station.stationId }, 'a station is silent; its connection is dead');
        connection.terminate();
      } else connection.ping();
    }
  }
}

function connectionFact({ station }: StationConnection, connected: boolean): StationFactOf<'station-connection-changed'> {
  const { party, stationId, key, version } = station;
  const at = new Date().toISOString();
  const messageId = randomUUID();
  return {
    factId: idOf('connection', key, messageId),
    party,
    stationId,
    ocppVersion: version,
    at,
    receivedAt: at,
    messageId,
    kind: 'station-connection-changed',
    connected,
  };
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, deadline]);
  clearTimeout(timer);
}
