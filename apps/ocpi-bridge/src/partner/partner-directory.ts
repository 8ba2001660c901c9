// Partners as an operator sees them: who they are, how the deliveries to them fare and how they are reached.
import { type Partner, type PartnerDetails, type PartnerHealth, type PartyKey, Problem } from '@evenkeel/contracts';
import type { DeliveryCare } from '../delivery/delivery-care';
import type { DeliveryView } from '../delivery/delivery-view';
import type { TrafficView } from '../traffic/traffic-view';
import type { PartnerState } from './partner';
import type { PartnerView } from './partner-view';
import { CONNECTED } from './routes';

export class PartnerDirectory {
  constructor(
    private readonly partners: PartnerView,
    private readonly deliveries: DeliveryView,
    private readonly care: DeliveryCare,
    private readonly traffic: TrafficView,
  ) {}

  async list(): Promise<Partner[]> {
    const [partners, unfinished] = await Promise.all([this.partners.all(), this.deliveries.unfinished()]);
    return partners.flatMap((partner) => (partner.status === 'unknown' ? [] : [summaryOf(partner, unfinished)]));
  }

  /** @throws Problem `not-found` */
  async details(partnerId: string): Promise<PartnerDetails> {
    const [partner, unfinished, oldestDue, fares] = await Promise.all([
      this.known(partnerId),
      this.deliveries.unfinished(),
      this.care.oldestDue(),
      this.traffic.fares(partnerId),
    ]);
    const endpoints = (partner.registration?.endpoints ?? []).map(({ identifier, role }) => ({
      module: identifier,
      ...(role === undefined ? {} : { side: role }),
    }));
    return {
      ...summaryOf(partner, unfinished),
      endpoints,
      tokens: tokensOf(partner, Date.now()),
      allowedAddresses: partner.allowedBlocks ?? [],
      pushLagSeconds: lagSeconds(partner, oldestDue, Date.now()),
      ...fares,
    };
  }

  /** The parties that its deliveries are for. @throws Problem `not-found` */
  async partiesOf(partnerId: string): Promise<PartyKey[]> {
    return partiesOf(await this.known(partnerId));
  }

  private async known(partnerId: string): Promise<PartnerState> {
    const partner = await this.partners.one(partnerId);
    if (!partner || partner.status === 'unknown') throw new Problem('not-found', 'there is no such partner');
    return partner;
  }

  /** A partner that has just been introduced: nothing has been delivered to it yet. */
  introduced(partner: PartnerState): Partner {
    return { ...identityOf(partner), deliveriesPending: 0, deliveriesParked: 0 };
  }
}

function identityOf({ partnerId, name, status, registration, registeredAt }: PartnerState) {
  return {
    partnerId,
    name,
    status: status === 'unknown' ? 'invited' : status,
    roles: registration?.roles ?? [],
    ...(registration ? { version: registration.version, versionsUrl: registration.versionsUrl } : {}),
    ...(registeredAt === undefined ? {} : { registeredAt }),
  } as const;
}

function summaryOf(partner: PartnerState, unfinished: Awaited<ReturnType<DeliveryView['unfinished']>>): Partner {
  const figures = partiesOf(partner).flatMap((party) => unfinished.get(party) ?? []);
  const reason = figures.map((figure) => figure.reason).find((text) => text !== null);
  return {
    ...identityOf(partner),
    deliveriesPending: figures.reduce((sum, { due }) => sum + due, 0),
    deliveriesParked: figures.reduce((sum, { parked }) => sum + parked, 0),
    ...(reason ? { lastDeliveryError: reason } : {}),
  };
}

function partiesOf({ registration }: PartnerState): PartyKey[] {
  return [...new Set((registration?.roles ?? []).map(({ party }) => party))];
}

/** 0 while nothing is due to any of its parties, but for those behind it that are away: nobody lags who is not waited for. */
export function lagSeconds(partner: PartnerState, oldestDue: ReadonlyMap<PartyKey, string>, nowMs: number): number {
  const roles = (partner.registration?.roles ?? []).filter(({ status = CONNECTED }) => status === CONNECTED);
  const since = roles.flatMap(({ party }) => oldestDue.get(party) ?? []);
  return since.length === 0 ? 0 : Math.max(0, secondsSince(since.sort()[0] ?? '', nowMs));
}

/** The age of a token of an invitation is not known: it was never written down. */
function tokensOf({ registration, previousTokenSince, nextTokenSince }: PartnerState, nowMs: number): PartnerHealth['tokens'] {
  const known = { ours: registration?.at, theirs: registration?.at, 'ours-before': previousTokenSince, 'ours-next': nextTokenSince };
  return (Object.entries(known) as [PartnerHealth['tokens'][number]['token'], string | undefined][]).flatMap(([token, since]) =>
    since === undefined ? [] : [{ token, since, ageSeconds: Math.max(0, secondsSince(since, nowMs)) }],
  );
}

function secondsSince(instant: string, nowMs: number): number {
  return Math.round((nowMs - Date.parse(instant)) / 1000);
}
