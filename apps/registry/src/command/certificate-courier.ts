// Brings a signed certificate to its station, as a command like any other (OCPP 2.0.1 A02.FR.09, security whitepaper A02).
import { type CertificateType, idOf, Problem } from '@evenkeel/contracts';
import type { CertificateDelivery } from '../certificate/certificate-desk';
import type { StationView } from '../view/station-view';
import type { CommandDesk } from './command-desk';

export class CertificateCourier implements CertificateDelivery {
  constructor(
    private readonly commands: Pick<CommandDesk, 'say'>,
    private readonly stations: Pick<StationView, 'find'>,
  ) {}

  /** @throws Problem where the station cannot be asked now, or has not answered: it is brought again later. */
  async sendCertificateSigned(
    { stationId }: { readonly stationId: string },
    certificateChain: string,
    certificateType: CertificateType,
    requestId?: number,
  ): Promise<'Accepted' | 'Rejected'> {
    const station = await this.stations.find(stationId);
    if (!station) throw new Problem('not-found', `there is no station ${stationId}`);
    const numbered = requestId === undefined || station.ocpp_version !== '2.1' ? {} : { requestId };
    const request = { certificateChain, certificateType, ...numbered };
    // Each delivery is a command of its own: a chain that was refused once may be sent again.
    const { status, detail } = await this.commands.say(station, 'CertificateSigned', request, {
      cause: idOf('delivery', stationId, Date.now()),
    });
    if (status === 'done' || status === 'accepted') return 'Accepted';
    if (status === 'rejected') return 'Rejected';
    throw new Problem('unavailable', detail ?? `the delivery is ${status}`);
  }
}
