// Costs and prices for OCPP 1.6 stations, in DataTransfer messages of the vendor org.openchargealliance.costmsg (OCA, OCPP & California
// pricing requirements, section 3: SetUserPrice, RunningCost, FinalCost). Their data is JSON as text.
import type { CostToShow } from '@evenkeel/contracts';

export interface CostMessage {
  readonly vendorId: string;
  readonly messageId: 'SetUserPrice' | 'RunningCost' | 'FinalCost';
  readonly data: string;
}

export function costMessage(toShow: CostToShow): CostMessage {
  const { transactionId, at, cost, final, charging, readingWh, rates } = toShow;
  const common = { transactionId: Number(transactionId), cost: Number(cost.amount) };
  if (final) return message('FinalCost', { ...common, priceText: `${cost.amount} ${cost.currency}` });
  const { perKwh, perHour, flat, idlePerHour } = rates;
  return message('RunningCost', {
    ...common,
    timestamp: at,
    meterValue: Math.round(Number(readingWh ?? 0)),
    state: charging ? 'Charging' : 'Idle',
    chargingPrice: { ...price('kWhPrice', perKwh), ...price('hourPrice', perHour), ...price('flatFee', flat) },
    ...(idlePerHour === undefined ? {} : { idlePrice: { hourPrice: Number(idlePerHour) } }),
  });
}

export function userPriceMessage(idToken: string, priceText: string): CostMessage {
  return message('SetUserPrice', { idToken, priceText });
}

function message(messageId: CostMessage['messageId'], data: object): CostMessage {
  return { vendorId: 'org.openchargealliance.costmsg', messageId, data: JSON.stringify(data) };
}

function price(name: string, amount: string | undefined): Record<string, number> {
  return amount === undefined ? {} : { [name]: Number(amount) };
}
