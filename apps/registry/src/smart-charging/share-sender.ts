// Tells a station its share of a site's power, as a charging profile, and what it has said to that.

import { type ChargingBudget, idOf, Problem, type StationCommand } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';
import type { Request } from '@evenkeel/ocpp';
import type { Log } from '@evenkeel/service';
import type { CommandDesk } from '../command/command-desk';
import { newRequestNumber } from '../command/request-number';
import type { StationRow } from '../view/registry-tables';
import { transactionAt } from './charging-knowledge';
import { offerFor } from './charging-offer';
import type { Profile } from './charging-rate';
import { inSupportedUnit, installedIdAt } from './profile-for-station';
import { assertAllowed } from './profile-rules';
import type { IntendedShare, ShareOutcome } from './shares';
import { defaultProfile, type StationOfSite, shareLimit, withoutShares } from './site';

interface Told extends StationOfSite {
  readonly row: StationRow;
}

export class ShareSender {
  constructor(
    private readonly commands: Pick<CommandDesk, 'say'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** @returns undefined when nobody knows whether the station obeys. */
  async tell(budget: ChargingBudget, station: Told, share: IntendedShare, context: CommandContext): Promise<ShareOutcome | undefined> {
    const { row, knowledge } = station;
    const evseId = Number(share.slot.slice(share.slot.lastIndexOf('/') + 1));
    try {
      const profile = profileOf(budget, station, evseId, share, new Date());
      if (profile === undefined) return 'not-sent';
      const id = installedIdAt(evseId, profile, knowledge) ?? newRequestNumber();
      const chargingProfile = inSupportedUnit({ ...profile, id }, evseId, knowledge);
      assertAllowed(evseId, chargingProfile, knowledge);
      return outcomeOf(await this.commands.say(row, 'SetChargingProfile', { evseId, chargingProfile }, context));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.warn({ stationId: row.registered.stationId, evseId, reason: error.message }, 'a station was not told its share');
      return error.code === 'offline' ? 'not-sent' : 'refused';
    }
  }

  /** Takes back the default and the shares. @returns whether the station was told. */
  async withdraw(row: StationRow, { cause }: CommandContext): Promise<boolean> {
    if (!row.connected) return false;
    try {
      for (const chargingProfilePurpose of ['TxDefaultProfile', 'TxProfile'] as const) {
        const request: Request<'2.1', 'ClearChargingProfile'> = { chargingProfileCriteria: { chargingProfilePurpose, stackLevel: 0 } };
        await this.commands.say(row, 'ClearChargingProfile', request, { cause: idOf('withdrawn-share', cause, chargingProfilePurpose) });
      }
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return false;
    }
  }
}

/** @returns undefined when the transaction is over by now. */
function profileOf(
  budget: ChargingBudget,
  { known, knowledge }: StationOfSite,
  evseId: number,
  { transactionId, amounts }: IntendedShare,
  now: Date,
): Omit<Profile, 'id'> | undefined {
  if (evseId === 0) return defaultProfile(knowledge, amounts[0] ?? 0, now);
  const transaction = transactionAt(knowledge, evseId);
  if (transaction === undefined || transaction.transactionId !== transactionId) return undefined;
  const { maxScheduleTuples: maxTuples } = (known.get('charging-needs', String(evseId)) ?? {}) as { maxScheduleTuples?: number };
  const share = [shareLimit(budget, knowledge, evseId, amounts, now)];
  return offerFor(withoutShares(knowledge), { evseId, transaction, now, maxTuples, share });
}

function outcomeOf({ status }: StationCommand): ShareOutcome | undefined {
  switch (status) {
    case 'done':
    case 'accepted':
      return 'accepted';
    case 'rejected':
    case 'refused':
      return 'refused';
    case 'not-sent':
      return 'not-sent';
    default:
      return undefined;
  }
}
