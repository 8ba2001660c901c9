// Answers vehicles that say what they need and what they intend (OCPP 2.0.1 K15 to K17), and sends them the schedule that follows. The
// answer comes first, because a station expects it before anything else; the schedule follows within the 60 seconds that a vehicle waits.

import { setTimeout as pause } from 'node:timers/promises';
import { idOf, Problem } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import type { Request as OcppRequest, Response } from '@evenkeel/ocpp';
import type { Log } from '@evenkeel/service';
import type { CommandDesk } from '../command/command-desk';
import { newRequestNumber } from '../command/request-number';
import type { Known } from '../mirror/known';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { StationRow } from '../view/registry-tables';
import type { StationView } from '../view/station-view';
import type { BudgetDesk } from './budget-desk';
import { type ChargingKnowledge, chargingKnowledgeOf, type RunningTransaction, transactionAt } from './charging-knowledge';
import { isWithinLimits, offerFor } from './charging-offer';
import { installedIdAt } from './profile-for-station';
import { assertAllowed } from './profile-rules';

type Needs = OcppRequest<'2.1', 'NotifyEVChargingNeeds'>;
type Intended = OcppRequest<'2.1', 'NotifyEVChargingSchedule'>;

/** A site's power that its stations share. */
export type Shares = Pick<BudgetDesk, 'isShared' | 'offerShare' | 'shareOf'>;

export interface NeedsDeskParts {
  readonly stations: Pick<StationView, 'find'>;
  readonly mirror: Pick<MirrorDesk, 'note' | 'knownOf'>;
  readonly commands: Pick<CommandDesk, 'say'>;
  readonly shares: Shares;
  readonly log: Log;
  /** Does the work when the answer will have left. */
  readonly afterAnswer: (work: () => Promise<void>) => void;
  /** The beginning of a transaction takes another way here, and may come after what its vehicle says. */
  readonly waitForTransactionMs: number;
}

/** How often a vehicle that intends more than it may is asked again. */
const RENEGOTIATIONS = 2;
const LOOK_EVERY_MS = 100;

interface Situation {
  readonly station: StationRow;
  readonly known: Known;
  readonly knowledge: ChargingKnowledge;
  readonly evseId: number;
  readonly transaction: RunningTransaction;
}

export class NeedsDesk {
  constructor(private readonly parts: NeedsDeskParts) {}

  /** What the station asks is among what is known of it already. */
  async answerNeeds(stationId: string, needs: Needs, context: CommandContext): Promise<Response<'2.1', 'NotifyEVChargingNeeds'>> {
    const situation = await this.awaitedSituation(stationId, needs.evseId);
    if (situation === undefined || !isAllowed(situation, needs)) return { status: 'Rejected' };
    const { station, knowledge } = situation;
    if (await this.parts.shares.isShared(station)) {
      this.parts.afterAnswer(() => this.parts.shares.offerShare(station, needs.evseId, context));
      return { status: 'Processing' };
    }
    // OCPP 2.1 K18: the station controls by itself where nobody has set a limit.
    const isFree = knowledge.installed.length === 0 && knowledge.externalLimits.length === 0;
    if (needs.chargingNeeds.controlMode === 'DynamicControl' && isFree) return { status: 'NoChargingProfile' };
    this.parts.afterAnswer(() => this.offer(situation, context));
    return { status: 'Accepted' };
  }

  async answerSchedule(
    stationId: string,
    intended: Intended,
    context: CommandContext,
  ): Promise<Response<'2.1', 'NotifyEVChargingSchedule'>> {
    const situation = await this.situationOf(stationId, intended.evseId);
    if (situation === undefined) return { status: 'Rejected' };
    const { station, known, knowledge, evseId } = situation;
    const share = await this.parts.shares.shareOf(station, evseId);
    if (isWithinLimits(knowledge, { evseId, share }, new Date(intended.timeBase), intended.chargingSchedule)) return { status: 'Accepted' };
    const { renegotiations: before } = known.get('ev-schedule', String(evseId)) ?? {};
    const renegotiations = typeof before === 'number' ? before : 0;
    if (renegotiations < RENEGOTIATIONS) {
      await this.conclude(situation, 'ev-schedule', { renegotiations: renegotiations + 1 }, context);
      const isShared = await this.parts.shares.isShared(station);
      this.parts.afterAnswer(() => (isShared ? this.parts.shares.offerShare(station, evseId, context) : this.offer(situation, context)));
    }
    return { status: 'Rejected' };
  }

  private async awaitedSituation(stationId: string, evseId: number): Promise<Situation | undefined> {
    for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
      const situation = await this.situationOf(stationId, evseId);
      if (situation !== undefined || waitedMs >= this.parts.waitForTransactionMs) return situation;
      await pause(LOOK_EVERY_MS);
    }
  }

  /** @returns undefined where no transaction runs, and where the EVSE is not registered: then nobody knows what to offer. */
  private async situationOf(stationId: string, evseId: number): Promise<Situation | undefined> {
    const station = await this.parts.stations.find(stationId);
    if (station === undefined) return undefined;
    const { evses } = station.registered;
    const known = await this.parts.mirror.knownOf(stationId);
    const knowledge = chargingKnowledgeOf(known, evses, station.ocpp_version ?? '2.0.1');
    const transaction = transactionAt(knowledge, evseId);
    const isRegistered = evses.some((each) => each.evseId === evseId);
    return transaction === undefined || !isRegistered ? undefined : { station, known, knowledge, evseId, transaction };
  }

  private async offer(situation: Situation, { cause }: CommandContext): Promise<void> {
    const { station, known, knowledge, evseId, transaction } = situation;
    const {
      maxScheduleTuples: maxTuples,
      chargingNeeds,
      offered,
    } = (known.get('charging-needs', String(evseId)) ?? {}) as Partial<Needs> & {
      offered?: unknown;
    };
    const departureAt = chargingNeeds?.departureTime === undefined ? undefined : new Date(chargingNeeds.departureTime);
    const offer = offerFor(knowledge, { evseId, transaction, now: new Date(), departureAt, maxTuples, share: [], offered });
    const chargingProfile = { ...offer, id: installedIdAt(evseId, offer, knowledge) ?? newRequestNumber() };
    const context = { cause: idOf('charging-offer', cause) };
    try {
      assertAllowed(evseId, chargingProfile, knowledge);
      await this.conclude(situation, 'charging-needs', { offered: chargingProfile }, context);
      await this.parts.commands.say(station, 'SetChargingProfile', { evseId, chargingProfile }, context);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { stationId } = station.registered;
      this.parts.log.warn({ stationId, evseId, reason: error.message }, 'a vehicle was not offered a schedule');
    }
  }

  private async conclude(
    { station, evseId }: Situation,
    of: string,
    document: Record<string, unknown>,
    context: CommandContext,
  ): Promise<void> {
    const at = new Date().toISOString();
    await this.parts.mirror.note(station.registered.stationId, { kind: 'concluded', of, key: String(evseId), document, at }, context);
  }
}

/** OCPP 2.1 Q01: what an authorization, or an operator, has allowed of charging and discharging. */
function isAllowed({ known, transaction }: Situation, { chargingNeeds }: Needs): boolean {
  const allowed = known.get('allowed-energy-transfer', transaction.transactionId)?.allowedEnergyTransfer;
  return !Array.isArray(allowed) || allowed.includes(chargingNeeds.requestedEnergyTransfer);
}
