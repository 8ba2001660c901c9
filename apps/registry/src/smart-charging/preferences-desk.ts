// Takes what drivers want who pay by a partner. It changes something only where a site shares its power, and is accepted only where the share
// that follows from it is enough.
import { Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { Item } from '../mirror/known';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { StationView } from '../view/station-view';
import type { BudgetDesk } from './budget-desk';
import { chargingKnowledgeOf } from './charging-knowledge';
import { preferenceDocument, refusalOf } from './preferences';
import { evseOf } from './profile-for-station';

export interface PreferencesDeskParts {
  readonly stations: Pick<StationView, 'find'>;
  readonly mirror: Pick<MirrorDesk, 'note' | 'knownOf'>;
  readonly shares: Pick<BudgetDesk, 'isShared' | 'couldGive' | 'offerShare'>;
  /** Does the work when the answer will have left. */
  readonly afterAnswer: (work: () => Promise<void>) => void;
}

export class PreferencesDesk {
  constructor(private readonly parts: PreferencesDeskParts) {}

  /** @throws Problem for a station that shares nothing, and for a transaction that does not run. */
  async prefer({ stationId, transactionId, preferences, cause }: Request<'preferCharging'>): Promise<Reply<'preferCharging'>> {
    const station = await this.parts.stations.find(stationId);
    if (!station) throw new Problem('not-found', `there is no station ${stationId}`);
    if (!(await this.parts.shares.isShared(station))) throw new Problem('not-supported', `station ${stationId} shares no power`);
    const now = new Date();
    const refusal = refusalOf(preferences, now);
    if (refusal !== undefined) return { answer: refusal };
    const known = await this.parts.mirror.knownOf(stationId);
    const evseId = evseOf(transactionId, chargingKnowledgeOf(known, station.registered.evses, station.ocpp_version ?? '1.6'));
    const at = now.toISOString();
    const wish: Item = [transactionId, preferenceDocument(preferences, at)];
    if (!(await this.parts.shares.couldGive(station, evseId, wish))) return { answer: 'NOT_POSSIBLE' };
    await this.parts.mirror.note(stationId, { kind: 'preferred', wish, at }, { cause });
    this.parts.afterAnswer(() => this.parts.shares.offerShare(station, evseId, { cause }));
    return { answer: 'ACCEPTED' };
  }
}
