// What holds for a tariff as a whole: the time for which it may be used, and the currency.
import { epochSeconds } from '../local-time';
import type { Tariff } from '../tariff';
import type { CareContext, Finding } from './finding';

export function termsFindings({ startsAt, endsAt, currency }: Tariff, context: CareContext): Finding[] {
  const found: Finding[] = [];
  if (context.currency !== undefined && context.currency !== currency) {
    const message = `The tariff is in ${currency}, and where it is used drivers pay in ${context.currency}. Set the currency of the place.`;
    found.push({ code: 'currency_differs', severity: 'warning', path: 'currency', message });
  }
  if (endsAt === undefined) return found;
  if (startsAt !== undefined && epochSeconds(startsAt) >= epochSeconds(endsAt)) {
    const message = `The tariff ends at ${endsAt}, before it starts at ${startsAt}: it is never in force. Correct one of them.`;
    found.push({ code: 'validity_reversed', severity: 'error', path: 'endsAt', message });
  } else if (context.now !== undefined && epochSeconds(endsAt) <= epochSeconds(context.now)) {
    const message = `The tariff ended at ${endsAt} and is in force no more. Set a later end, or give connectors another tariff.`;
    found.push({ code: 'validity_over', severity: 'warning', path: 'endsAt', message });
  }
  return found;
}
