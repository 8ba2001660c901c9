// Gives the tariff of a station's connectors to the answer of Authorize, where the station calculates costs by itself (OCPP 2.1 I07, I08).
import type { Reply, Request } from '@evenkeel/contracts';
import type { Log } from '@evenkeel/service';
import type { Known } from '../mirror/known';
import type { MirrorDesk } from '../mirror/mirror-desk';
import { actualValue } from '../mirror/variable-value';
import type { CatalogueView } from '../view/catalogue-view';
import type { StationView } from '../view/station-view';
import { hasConditions, type StationTariff, stationTariff } from './station-tariff';

export class TariffTeller {
  /** What has been said to be untranslatable, so that it is said once. */
  private readonly noted = new Set<string>();

  constructor(
    private readonly stations: Pick<StationView, 'find'>,
    private readonly catalogue: Pick<CatalogueView, 'tariffAt'>,
    private readonly mirror: Pick<MirrorDesk, 'knownOf'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** @returns undefined where the station asks for none, and where what it would be given could not mean the same. */
  async tariffFor(
    { stationId, purpose }: Request<'authorizeToken'>,
    { verdict }: Reply<'authorizeToken'>,
  ): Promise<StationTariff | undefined> {
    if (verdict !== 'Accepted' || stationId === undefined || purpose !== 'authorize') return undefined;
    const station = await this.stations.find(stationId);
    if (station?.ocpp_version !== '2.1') return undefined;
    const known = await this.mirror.knownOf(stationId);
    if (toldValue(known, 'TariffCostCtrlr/Enabled[Tariff]') !== 'true') return undefined;
    const { party, evses } = station.registered;
    const ids = new Set(evses.flatMap(({ connectors }) => connectors.map(({ tariffId }) => tariffId)));
    const [tariffId] = ids;
    // Before the driver has plugged in, only a price that is the same everywhere is certain.
    if (ids.size !== 1 || tariffId === undefined) return this.note(stationId, 'its connectors have several tariffs');
    const translated = stationTariff(await this.catalogue.tariffAt(party, tariffId, new Date().toISOString()));
    if ('untranslatable' in translated) return this.note(tariffId, translated.untranslatable);
    const isTooMuch = hasConditions(translated.tariff) && toldValue(known, 'TariffCostCtrlr/ConditionsSupported[Tariff]') === 'false';
    return isTooMuch ? this.note(stationId, 'it takes no conditions') : translated.tariff;
  }

  private note(what: string, reason: string): undefined {
    const key = `${what}: ${reason}`;
    if (this.noted.has(key)) return;
    this.noted.add(key);
    this.log.warn({ what, reason }, 'a tariff is not given to stations that calculate by themselves');
  }
}

function toldValue(known: Known, key: string): string {
  return String(actualValue(known.get('variable', key)) ?? '').toLowerCase();
}
