// Says what is wrong or surprising in a tariff: before it is registered, and afterwards at the places where it is used. What a tariff
// contradicts in itself is refused at registration; what the law says depends on the place and is only told.
import { type Location, Problem, type Reply, type Request, type Tariff, type TariffContext } from '@evenkeel/contracts';
import { currencyOf, displayLines, type Finding, findings, jurisdictionsOf } from '@evenkeel/tariff';
import { maxPowerOf } from '../terms/terms-desk';
import type { CatalogueView, TariffUse } from '../view/catalogue-view';

export class TariffCare {
  constructor(
    private readonly catalogue: CatalogueView,
    private readonly now: () => string = () => new Date().toISOString(),
  ) {}

  /** @throws Problem for a time zone that there is not. */
  check({ tariff, context = {} }: Request<'checkTariff'>): Reply<'checkTariff'> {
    if (context.timeZone !== undefined && !isTimeZone(context.timeZone)) {
      throw new Problem('invalid', `there is no time zone ${context.timeZone}`);
    }
    return this.checked(tariff, context);
  }

  /** @throws Problem for an unknown tariff. */
  async findingsOf({ party, tariffId }: Request<'tariffFindings'>): Promise<Reply<'tariffFindings'>> {
    const tariff = await this.catalogue.tariffAt(party, tariffId, this.now());
    return this.checked(tariff, contextOf(await this.catalogue.usesOf(party, tariffId), tariff));
  }

  private checked(tariff: Tariff, context: TariffContext): Reply<'checkTariff'> {
    const found = findings(tariff, { ...context, now: this.now() });
    // A tariff that cannot be read cannot be shown either.
    const isReadable = !found.some(({ code }) => code === 'unreadable' || code === 'unknown_currency');
    return { findings: found, displayLines: isReadable ? displayLines(tariff) : [], context };
  }
}

/** How many findings a refusal names: enough to work on. */
const MOST_NAMED = 10;

/** @throws Problem for a tariff that contradicts itself or cannot be priced, with what is wrong. */
export function refuseErrors(tariff: Tariff): void {
  const errors = findings(tariff).filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    throw new Problem('invalid', `the tariff is not registered. ${errors.slice(0, MOST_NAMED).map(inOneLine).join(' ')}`);
}

function inOneLine({ path, message }: Finding): string {
  return `${path}: ${message}`;
}

/** What is the same everywhere, or the strictest of it: the highest power, every regime, and a currency that is not the tariff's, if any. */
function contextOf(uses: readonly TariffUse[], tariff: Tariff): TariffContext {
  const places = uses.flatMap(({ location }): Location[] => (location === null ? [] : [location]));
  const jurisdictions = [...new Set(places.flatMap(jurisdictionsOf))].sort();
  const currencies = [...new Set(places.flatMap(({ country }) => currencyOf(country) ?? []))];
  const currency = currencies.find((each) => each !== tariff.currency) ?? currencies[0];
  const powersW = uses.map(({ connector }) => maxPowerOf(connector));
  const [timeZone, ...otherZones] = new Set(places.map((place) => place.timeZone));
  return {
    ...(jurisdictions.length === 0 ? {} : { jurisdictions }),
    ...(currency === undefined ? {} : { currency }),
    ...(powersW.length === 0 ? {} : { maxPowerKw: String(Math.max(...powersW) / 1000) }),
    ...(timeZone === undefined || otherZones.length > 0 || !isTimeZone(timeZone) ? {} : { timeZone }),
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
