// Whether a period of a partner's CDR reaches over an instant or an amount of energy at which our retail tariff changes. The partner has cut its
// periods by its own tariff, and pricing looks at the state at a period's start (OCPI mod_cdrs ChargingPeriod): such a period is billed as a
// whole at the price of its start, and the bill says so.
import { Decimal } from '@evenkeel/money';
import { cutTimes, type SessionToPrice, type Tariff, thresholds } from '@evenkeel/tariff';

const WH_PER_KWH = Decimal.of(1000n);

export function spansPrices(tariff: Tariff, timeZone: string, { startedAt, endedAt, periods }: SessionToPrice): boolean {
  const chargingStartedAt = periods.find(({ kind }) => kind !== 'reservation')?.startedAt ?? startedAt;
  const bounds = thresholds(tariff).energyKwh.map((kwh) => Decimal.parse(kwh).multiply(WH_PER_KWH));
  let before = Decimal.ZERO;
  return periods.some((period, index) => {
    const after = before.add(Decimal.parse(period.energyWh));
    const isCrossed = bounds.some((bound) => before.compare(bound) < 0 && bound.compare(after) < 0);
    before = after;
    const until = periods[index + 1]?.startedAt ?? endedAt;
    return isCrossed || cutTimes(tariff, timeZone, period.startedAt, until, chargingStartedAt).length > 0;
  });
}
