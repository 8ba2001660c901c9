// Tells a 1.6 station that can show it the price for the driver who has just been accepted. What is sent names a card, so the call is made
// without a command that would be kept; a price that does not arrive is on the bill all the same.
import { Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import type { Log } from '@evenkeel/service';
import type { MirrorDesk } from '../mirror/mirror-desk';
import type { CatalogueView } from '../view/catalogue-view';
import type { StationView } from '../view/station-view';
import { showsCosts } from './cost-ability';
import { userPriceMessage } from './cost-message';

export class PriceTeller {
  constructor(
    private readonly stations: Pick<StationView, 'find'>,
    private readonly catalogue: Pick<CatalogueView, 'tariffAt'>,
    private readonly mirror: Pick<MirrorDesk, 'knownOf'>,
    private readonly requester: Pick<Requester<'registry'>, 'callStation'>,
    private readonly log: Pick<Log, 'info'>,
  ) {}

  /** Never fails. */
  async authorized(asked: Request<'authorizeToken'>, { verdict }: Reply<'authorizeToken'>): Promise<void> {
    if (verdict !== 'Accepted' || asked.stationId === undefined) return;
    try {
      await this.tell(asked.stationId, asked);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.log.info({ stationId: asked.stationId, reason: error.message }, 'a station was not told the price of a driver');
    }
  }

  private async tell(stationId: string, { token, evseId }: Request<'authorizeToken'>): Promise<void> {
    const station = await this.stations.find(stationId);
    if (station?.ocpp_version !== '1.6' || !showsCosts('1.6', await this.mirror.knownOf(stationId))) return;
    const { party, evses } = station.registered;
    const evse = evses.find((each) => each.evseId === evseId) ?? evses[0];
    const tariffId = evse?.connectors[0]?.tariffId;
    if (tariffId === undefined) return;
    const { altText } = await this.catalogue.tariffAt(party, tariffId, new Date().toISOString());
    if (altText === undefined) return;
    const payload = { ...userPriceMessage(token.uid, altText) };
    await this.requester.callStation({ party, stationId, call: { kind: 'raw', action: 'DataTransfer', payload } });
  }
}
