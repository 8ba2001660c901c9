// Takes facts of stations to where they matter: the registry's stations, what is known of each, and the commands that wait for an effect.
import type { StationFact, StationFactOf } from '@evenkeel/contracts';
import type { Log } from '@evenkeel/service';
import type { RegistryDesk } from '../catalogue/registry-desk';
import type { CommandDesk } from '../command/command-desk';
import type { ConfigurationDesk } from '../configuration/configuration-desk';
import type { MirrorNews } from '../mirror/mirror';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { SecurityDesk } from '../security/security-desk';
import type { BudgetDesk } from '../smart-charging/budget-desk';
import type { Turns } from '../station/turns';

/** OCPP SecurityEventNotification. */
const LONGEST_TYPE = 50;
const LONGEST_TECH_INFO = 255;

export class FactDesk {
  constructor(
    private readonly registry: RegistryDesk,
    private readonly mirror: MirrorDesk,
    private readonly commands: CommandDesk,
    private readonly budgets: Pick<BudgetDesk, 'observe'>,
    private readonly configuration: Pick<ConfigurationDesk, 'booted'>,
    private readonly security: Pick<SecurityDesk, 'recordSecurityEvent'>,
    private readonly turns: Turns,
    private readonly log: Log,
  ) {}

  /** Facts of one station in their order, different stations side by side. */
  async take(facts: readonly StationFact[]): Promise<void> {
    const byStation = new Map<string, StationFact[]>();
    for (const fact of facts) {
      const key = fact.stationId.toLowerCase();
      const ofOne = byStation.get(key);
      if (ofOne) ofOne.push(fact);
      else byStation.set(key, [fact]);
    }
    await Promise.all([...byStation.values()].map((ofOne) => this.turns.take(() => this.takeInOrder(ofOne))));
  }

  private async takeInOrder(facts: readonly StationFact[]): Promise<void> {
    for (const fact of facts) {
      await this.registry.recordFact(fact);
      if (fact.kind === 'station-notice-reported' && fact.action === 'SecurityEventNotification') await this.noteSecurity(fact);
      for (const news of newsOf(fact)) await this.mirror.note(fact.stationId, news, { cause: fact.factId });
      await this.commands.observe(fact);
      // Sharing takes as long as stations take to answer.
      this.inBackground(() => this.budgets.observe(fact));
      // Nobody waits for it, and the station answers in its own time.
      if (fact.kind === 'station-booted') this.inBackground(() => this.configuration.booted(fact));
    }
  }

  /** Stations queue them while they are offline: they may be days old, and of a type that nobody has heard of. */
  private noteSecurity({ stationId, payload, at, receivedAt, factId }: StationFactOf<'station-notice-reported'>): Promise<void> {
    const techInfo = typeof payload.techInfo === 'string' ? { techInfo: payload.techInfo.slice(0, LONGEST_TECH_INFO) } : {};
    const type = String(payload.type).slice(0, LONGEST_TYPE);
    return this.security.recordSecurityEvent({ stationId, type, at, receivedAt, ...techInfo }, factId);
  }

  private inBackground(work: () => Promise<void>): void {
    work().catch((error: unknown) => this.log.error({ error }, 'a reaction failed'));
  }
}

function newsOf(fact: StationFact): readonly MirrorNews[] {
  const { receivedAt: at } = fact;
  switch (fact.kind) {
    case 'station-notice-reported':
      return [{ kind: 'notice', action: fact.action, payload: fact.payload, at }];
    case 'station-booted': {
      const { vendor, model, serialNumber, firmwareVersion, ocppVersion: version, factId: cause } = fact;
      return [{ kind: 'booted', vendor, model, serialNumber, firmwareVersion, version, cause, at }];
    }
    case 'transaction-reported': {
      const { phase, reservationId, transactionId, evseId, remoteStartId, at: happenedAt } = fact;
      const running: MirrorNews = { kind: 'transaction', phase, transactionId, evseId, remoteStartId, happenedAt, at };
      return phase === 'ended' || reservationId === undefined
        ? [running]
        : [running, { kind: 'started', reservationId, transactionId, at }];
    }
    default:
      return [];
  }
}
