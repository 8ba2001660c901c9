// The running session that a partner pays for, and where it charges. Whether a session of somebody else runs, nobody learns.
import type { PartyKey } from '@evenkeel/contracts';
import type { PartnerSessions } from '../commands/partner-sessions';
import type { Published } from '../delivery/published';

export interface RunningSession {
  /** Who pays. */
  readonly issuer: PartyKey;
  readonly place: { sessionId: string; stationId: string; evseId: number; transactionId: string; mostA: number };
  /** Of its EVSE, as partners read them. */
  readonly capabilities: readonly string[];
}

export class PayersSessions {
  constructor(
    private readonly sessions: Pick<PartnerSessions, 'find'>,
    private readonly published: Pick<Published, 'location'>,
  ) {}

  /**
   * @param payers whom the question is for: behind a hub others pay for theirs.
   * @returns undefined for a session that is over, that is not theirs, or whose place is not ours any more.
   */
  async running(id: string, payers: readonly PartyKey[]): Promise<RunningSession | undefined> {
    const session = await this.sessions.find(id, payers);
    const issuer = session?.terms.payer?.party;
    if (session?.status !== 'active' || issuer === undefined) return undefined;
    const { sessionId, stationId, transactionId, party, terms } = session;
    const location = await this.published.location(party, terms.place.locationId);
    const evse = location?.evses.find(({ uid }) => uid === terms.place.evseUid);
    if (!evse) return undefined;
    const mostA = Math.max(...evse.connectors.map(({ maxCurrentA }) => maxCurrentA));
    return { issuer, place: { sessionId, stationId, transactionId, evseId: evse.evseId, mostA }, capabilities: evse.capabilities ?? [] };
  }
}
