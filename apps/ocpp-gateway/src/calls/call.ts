// What a handler gets: a readable CALL of one station, and the desk where its work is done.
import type { IdentityHash, PartyKey, StationFact } from '@evenkeel/contracts';
import type { ErrorCode, Response, StationAction, StationRequest } from '@evenkeel/ocpp';
import type { SpokenVersion, Station } from '../connection/station';
import type { FactOrigin } from '../facts/fact-origin';
import type { CallDesk } from './call-desk';

export class Call<P> implements FactOrigin {
  readonly party: PartyKey;
  readonly stationId: string;
  readonly ocppVersion: SpokenVersion;
  readonly receivedAt: string;
  readonly identity: IdentityHash;

  constructor(
    readonly station: Station,
    readonly messageId: string,
    readonly payload: P,
    readonly deviations: string[],
    /** Characters of the frame: a measure of what its fact will weigh. */
    readonly weight: number,
    private readonly desk: CallDesk,
    receivedAtMs: number,
  ) {
    this.party = station.party;
    this.stationId = station.stationId;
    this.ocppVersion = station.version;
    this.receivedAt = new Date(receivedAtMs).toISOString();
    this.identity = desk.identity;
  }

  /** Resolves when the fact is durable; only then may the station have its answer. */
  record(fact: StationFact): Promise<void> {
    return this.desk.record(fact, this.weight);
  }
}

export type Handler<V extends SpokenVersion, A extends StationAction<V>> = (
  call: Call<StationRequest<V, A>>,
  desk: CallDesk,
) => Promise<Response<V, A> & object>;

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
