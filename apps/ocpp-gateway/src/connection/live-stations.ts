// The stations connected to this process. Of two connections of one station, here or in another process, the newest wins: the older one is
// usually half dead, and refusing the new one would lock the station out until the old one times out.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { ClaimNotice } from '@evenkeel/messaging';
import type { Log } from '@evenkeel/service';
import type { CommandDesk } from '../commands/command-desk';
import type { GatewayMetrics } from '../metrics/gateway-metrics';
import type { ConnectionAnnouncer } from './connection-announcer';
import { CLOSE } from './connection-parts';
import type { Generations } from './generations';
import type { IdentityFights } from './identity-fights';
import type { StationConnection } from './station-connection';

interface Live {
  readonly connection: StationConnection;
  /** Which turn of the wheel pings it. */
  readonly spoke: number;
  /** Set once the station is claimed: before that nobody may call it. */
  stopListening?: () => void;
  /** Of a claim in another process that was heard before this connection had its own generation. */
  heardGeneration?: number;
}

/** One timer for all: a turn of the wheel takes the ping interval, and each spoke pings its share of the connections. */
const SPOKES = 20;
/** A connection that was silent for this many ping intervals is dead. */
const SILENT_INTERVALS = 2;
/** What a stopping process gives stations to close their side. */
const CLOSING_MS = 1_000;

export interface Leaving {
  readonly closesPerSecond: number;
  /** What each station has for the answers that it is owed. */
  readonly graceMs: number;
}

export class LiveStations {
  private readonly byKey = new Map<string, Live>();
  private readonly wheel: NodeJS.Timeout;
  private turn = 0;
  private nextSpoke = 0;
  private readonly announcing = new Set<Promise<void>>();
  private stopping = false;

  constructor(
    private readonly announcer: ConnectionAnnouncer,
    private readonly generations: Generations,
    private readonly fights: IdentityFights,
    private readonly commands: Pick<CommandDesk, 'listenFor'>,
    private readonly metrics: GatewayMetrics,
    private readonly log: Log,
    private readonly pingIntervalMs: number,
  ) {
    this.wheel = setInterval(() => this.turnWheel(), Math.max(pingIntervalMs / SPOKES, 10));
  }

  add(connection: StationConnection): void {
    const { station, remoteAddress } = connection;
    const older = this.byKey.get(station.key);
    this.nextSpoke = (this.nextSpoke + 1) % SPOKES;
    const live: Live = { connection, spoke: this.nextSpoke };
    this.byKey.set(station.key, live);
    this.metrics.connected(station.version, 1);
    if (older) this.letGo(older, remoteAddress);
    void this.hold(live);
  }

  find(stationKey: string): StationConnection | undefined {
    return this.byKey.get(stationKey)?.connection;
  }

  /** A process has claimed a station, perhaps this one. */
  claimed({ stationKey, generation, remoteAddress }: ClaimNotice): void {
    const live = this.byKey.get(stationKey);
    if (!live) return;
    if (live.connection.generation === undefined) live.heardGeneration = Math.max(generation, live.heardGeneration ?? 0);
    else if (generation > live.connection.generation) this.letGo(live, remoteAddress);
  }

  /**
   * Closes the connections one after the other, so that a fleet does not come back to the other processes in one instant. Until its turn a
   * station is served as ever; then it gets the answers that it is owed.
   */
  async stop({ closesPerSecond, graceMs }: Leaving): Promise<void> {
    const startedAt = performance.now();
    const leaving: Promise<void>[] = [];
    for (const [index, live] of [...this.byKey.values()].entries()) {
      const waitMs = startedAt + (index * 1_000) / closesPerSecond - performance.now();
      if (waitMs > 0) await pause(waitMs);
      leaving.push(this.dismiss(live, graceMs));
    }
    await Promise.all(leaving);
    this.stopping = true;
    clearInterval(this.wheel);
    await Promise.all(this.announcing);
  }

  private async dismiss({ connection, stopListening }: Live, graceMs: number): Promise<void> {
    stopListening?.();
    const closed = connection.closed();
    await within(graceMs, connection.finish());
    await within(CLOSING_MS, closed);
    connection.terminate();
    // Its end is announced before the process counts what is still to be said.
    await closed;
  }

  /** Claims the station, and only then takes commands for it and says that it is here. */
  private async hold(live: Live): Promise<void> {
    const { connection } = live;
    const { station, remoteAddress } = connection;
    const newestHere = () => this.byKey.get(station.key);
    const isReplaced = () => newestHere() !== undefined && newestHere() !== live;
    const claim = { claimId: randomUUID(), connectedAtMs: connection.lastHeardAtMs, remoteAddress };
    const generation = await this.generations.claim(station, claim, () => !this.stopping && !isReplaced());
    if (isReplaced() || this.stopping) return;
    if (generation === undefined || generation < (live.heardGeneration ?? 0)) {
      this.letGo(live, undefined);
      return;
    }
    connection.generation = generation;
    if (newestHere() === live) {
      live.stopListening = this.commands.listenFor(connection);
      this.announce(this.announcer.here(connection, () => newestHere() === live && !this.stopping));
    } else this.announceGone(connection);
  }

  /** A connection is closed, whoever closed it. */
  remove(connection: StationConnection): void {
    const { station } = connection;
    this.metrics.connected(station.version, -1);
    const live = this.byKey.get(station.key);
    // A replaced connection is not the station's end.
    if (live?.connection !== connection) return;
    live.stopListening?.();
    this.byKey.delete(station.key);
    if (connection.generation !== undefined) this.announceGone(connection);
  }

  private announceGone(connection: StationConnection): void {
    this.announce(this.announcer.gone(connection, () => !this.byKey.has(connection.station.key) && !this.stopping));
  }

  private announce(announcement: Promise<void>): void {
    this.announcing.add(announcement);
    void announcement.finally(() => this.announcing.delete(announcement));
  }

  /** The station has a newer connection, here or elsewhere: this is not its end. */
  private letGo(live: Live, newAddress: string | undefined): void {
    const { station, remoteAddress } = live.connection;
    this.metrics.replaced();
    if (this.fights.replaced(station.key, remoteAddress, newAddress ?? remoteAddress, Date.now())) {
      this.metrics.identityFight();
      this.log.warn({ stationId: station.stationId, remoteAddress, newAddress }, 'two stations seem to have the same identity');
    }
    live.stopListening?.();
    if (this.byKey.get(station.key) === live) this.byKey.delete(station.key);
    live.connection.close(CLOSE.replaced, 'replaced by a newer connection');
  }

  private turnWheel(): void {
    const nowMs = Date.now();
    this.turn = (this.turn + 1) % SPOKES;
    for (const { connection, spoke } of this.byKey.values()) {
      connection.expireCommands(nowMs);
      if (spoke !== this.turn) continue;
      if (nowMs - connection.lastHeardAtMs >= SILENT_INTERVALS * this.pingIntervalMs) {
        this.log.info({ stationId: connection.station.stationId }, 'a station is silent; its connection is dead');
        connection.terminate();
      } else connection.ping();
    }
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, deadline]);
  clearTimeout(timer);
}
