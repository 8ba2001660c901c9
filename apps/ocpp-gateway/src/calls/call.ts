// What a handler gets: a readable CALL of one station, and the desk where its work is done.
import type { IdentityHash, PartyKey, StationFact } from '@evenkeel/contracts';
import type { CallFrame, Deviation, ErrorCode, Response, StationAction, StationRequest, Strictness } from '@evenkeel/ocpp';
import type { SpokenVersion, Station } from '../connection/station';
import type { FactOrigin } from '../facts/fact-origin';
import { keptFrame } from '../facts/kept-frame';
import type { CallDesk } from './call-desk';

export interface Arrival {
  readonly station: Station;
  readonly frame: CallFrame;
  /** The frame as it arrived. */
  readonly text: string;
  readonly receivedAtMs: number;
  readonly strictness: Strictness;
  /** What a profile of the station's make has mended, to be told by its facts. */
  readonly mended?: string | undefined;
  /** Counts what had to be tolerated. */
  readonly trace?: { violation(kind: string, atMs: number): void };
}

export class Call<P> implements FactOrigin {
  readonly party: PartyKey;
  readonly stationId: string;
  readonly ocppVersion: SpokenVersion;
  readonly receivedAt: string;
  readonly identity: IdentityHash;
  readonly station: Station;
  readonly messageId: string;
  readonly deviations: string[];

  constructor(
    private readonly arrival: Arrival,
    readonly payload: P,
    private readonly wireDeviations: readonly Deviation[],
    private readonly desk: CallDesk,
  ) {
    const { station, frame, receivedAtMs } = arrival;
    this.station = station;
    this.messageId = frame.id;
    this.deviations = wireDeviations.map(({ code }) => code);
    if (arrival.mended !== undefined) this.deviations.push(arrival.mended);
    for (const code of this.deviations) arrival.trace?.violation(`deviation:${code}`, receivedAtMs);
    this.party = station.party;
    this.stationId = station.stationId;
    this.ocppVersion = station.version;
    this.receivedAt = new Date(receivedAtMs).toISOString();
    this.identity = desk.identity;
  }

  get frame(): string | undefined {
    const { text, frame } = this.arrival;
    return keptFrame({ text, frame, version: this.ocppVersion, identity: this.identity, deviations: this.wireDeviations });
  }

  /** Resolves when the fact is durable; only then may the station have its answer. */
  record(fact: StationFact): Promise<void> {
    // The characters of the frame are a measure of what its fact will weigh.
    return this.desk.record(fact, this.arrival.text.length);
  }
}

export type Handler<V extends SpokenVersion, A extends StationAction<V>> = (
  call: Call<StationRequest<V, A>>,
  desk: CallDesk,
) => Promise<Response<V, A> & object>;

/**
 * For what OCPP 2.0.1 and 2.1 have in common: it reads payloads of either, 2.1 having only added to them, and answers what both allow.
 */
export type HandlerV2<A extends StationAction<'2.0.1'>> = (
  call: Call<StationRequest<'2.1', A>>,
  desk: CallDesk,
) => Promise<Response<'2.0.1', A> & object>;

/** Answers a CALL with a CALLERROR. Never for a reason of business: what a station reports is recorded, not refused. */
export class CallRefusal extends Error {
  override readonly name = 'CallRefusal';

  constructor(
    readonly code: ErrorCode,
    readonly description: string,
  ) {
    super(description);
  }
}

/** The station is not the one that it has shown to be: the connection ends, and the message is not answered. */
export class StationDenied extends Error {
  override readonly name = 'StationDenied';
}
