// Partners as an operator sees them: who they are and how the deliveries to them fare.
import type { Partner } from '@evenkeel/contracts';
import type { DeliveryView } from '../delivery/delivery-view';
import type { PartnerState } from './partner';
import type { PartnerView } from './partner-view';

export class PartnerDirectory {
  constructor(
    private readonly partners: PartnerView,
    private readonly deliveries: DeliveryView,
  ) {}

  async list(): Promise<Partner[]> {
    const [partners, unfinished] = await Promise.all([this.partners.all(), this.deliveries.unfinished()]);
    return partners.flatMap((partner) => {
      if (partner.status === 'unknown') return [];
      const parties = new Set((partner.registration?.roles ?? []).map(({ party }) => party));
      const figures = [...parties].flatMap((party) => unfinished.get(party) ?? []);
      const reason = figures.map((figure) => figure.reason).find((text) => text !== null);
      return [
        {
          ...identityOf(partner),
          deliveriesPending: figures.reduce((sum, { due }) => sum + due, 0),
          deliveriesParked: figures.reduce((sum, { parked }) => sum + parked, 0),
          ...(reason ? { lastDeliveryError: reason } : {}),
        },
      ];
    });
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
