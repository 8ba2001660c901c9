// Why a bill is what it is, for a person: each line's arithmetic, the periods behind it, and the frames that bound each period. Nothing is
// computed anew but the product before rounding; the rest is what the services stored.
import type { Cdr, CdrLine, ChargingPeriod, SessionTimeline, StationFact, TimelineEntry } from '@evenkeel/contracts';
import { Decimal, Rational } from '@evenkeel/money';

const LONGEST_FRAME = 400;
const PRODUCT_DIGITS = 8;

/** @param cdrs of one session, in the order of their issue. @param only the id of the one to explain; all of them where absent. */
export function explainBills(cdrs: readonly Cdr[], { entries }: Pick<SessionTimeline, 'entries'>, only?: string): string[] {
  const events = new Map(entries.map((entry) => [entry.eventId, entry]));
  return cdrs.flatMap((cdr, index) => {
    if (only !== undefined && cdr.cdrId !== only) return [];
    const before = cdrs.slice(0, index).findLast(({ credit }) => !credit);
    return [...head(cdr, before, entries), ...(cdr.credit ? [] : cdr.lines.flatMap((line) => lineOf(line, cdr, events))), totalOf(cdr), ''];
  });
}

function head(cdr: Cdr, before: Cdr | undefined, entries: readonly TimelineEntry[]): string[] {
  const { cdrId, startedAt, endedAt, energyWh } = cdr;
  if (cdr.credit) return [`CDR ${cdrId} takes CDR ${cdr.creditReferenceId} back in full.`];
  const what = `CDR ${cdrId}: ${energyWh} Wh from ${startedAt} to ${endedAt}, billed at revision ${cdr.sessionRevision}`;
  return before ? [what, ...correction(cdr, before, entries)] : [what];
}

/** What a corrected bill changed, and the fact or the person that made it so. */
function correction(cdr: Cdr, before: Cdr, entries: readonly TimelineEntry[]): string[] {
  const changes = (['startedAt', 'endedAt', 'energyWh', 'durationSeconds', 'parkingSeconds'] as const).flatMap((field) =>
    cdr[field] === before[field] ? [] : [`${field} ${before[field]} -> ${cdr[field]}`],
  );
  const amounts =
    before.total.beforeTaxes === cdr.total.beforeTaxes ? [] : [`total ${before.total.beforeTaxes} -> ${cdr.total.beforeTaxes}`];
  const amended = entries.find(({ revision }) => revision === cdr.sessionRevision);
  const { causedByFact } = (amended?.data ?? {}) as { causedByFact?: string };
  const cause = entries.find(({ eventId }) => eventId === causedByFact);
  const by = amended?.operator === undefined ? cause && eventText(cause) : [`  by the operator ${amended.operator}`];
  return [`  corrects CDR ${before.cdrId}: ${[...changes, ...amounts].join(', ') || 'the same figures'}`, '  because of', ...(by ?? [])];
}

function lineOf(line: CdrLine, cdr: Cdr, events: ReadonlyMap<string, TimelineEntry>): string[] {
  return ['', `  ${line.text}`, ...arithmetic(line), ...periodsBehind(line, cdr).flatMap((period) => periodText(period, cdr, events))];
}

function arithmetic({ quantity, billedQuantity, unit, unitPrice, beforeTaxes, rule }: CdrLine): string[] {
  if (billedQuantity === undefined || unitPrice === undefined || (unit !== 'Wh' && unit !== 's'))
    return [`    ${beforeTaxes} by the rule ${rule}`];
  const per = unit === 'Wh' ? 1000n : 3600n;
  const product = Rational.fromDecimal(Decimal.parse(billedQuantity))
    .multiply(Rational.fromDecimal(Decimal.parse(unitPrice)))
    .divide(Rational.of(per));
  const stepped = quantity === billedQuantity ? '' : ` (measured ${quantity} ${unit}, rounded up to the step)`;
  return [`    ${billedQuantity} ${unit}${stepped} x ${unitPrice} / ${per} = ${shortened(product)}, to the cent ${beforeTaxes} [${rule}]`];
}

function shortened(product: Rational): string {
  const text = product.toDecimal(PRODUCT_DIGITS, 'half-away-from-zero').toString();
  return text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

/** A line rests on the periods that share evidence with it, and of those on the kind that its dimension measures. */
function periodsBehind({ because, dimension }: CdrLine, { periods }: Cdr): ChargingPeriod[] {
  const named = new Set(because);
  const measures = ({ kind, energyWh }: ChargingPeriod) =>
    dimension === 'ENERGY'
      ? energyWh !== '0'
      : dimension === 'TIME'
        ? kind === 'charging'
        : dimension !== 'PARKING_TIME' || kind === 'parking';
  return periods.filter((period) => measures(period) && period.evidence.some((id) => named.has(id)));
}

function periodText(period: ChargingPeriod, { periods, endedAt }: Cdr, events: ReadonlyMap<string, TimelineEntry>): string[] {
  const { startedAt, kind, state, energyWh, evidence } = period;
  const until = periods[periods.indexOf(period) + 1]?.startedAt ?? endedAt;
  const facts = evidence
    .flatMap((id) => events.get(id) ?? [])
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.revision - b.revision));
  const [first, ...rest] = facts;
  const last = rest.pop();
  return [
    `    ${startedAt} to ${until}: ${kind}${state ? ` (${state})` : ''}, ${energyWh} Wh`,
    ...(first ? eventText(first) : []),
    ...(rest.length > 0 ? [`      and ${rest.length} more in between`] : []),
    ...(last ? eventText(last) : []),
  ];
}

function eventText({ eventId, revision, at, frame, data, type }: TimelineEntry): string[] {
  const { fact } = data as { fact?: StationFact };
  const text = `      ${at} ${fact ? factText(fact) : type} (event ${eventId}, revision ${revision})`;
  if (frame === undefined) return [text];
  return [text, `        ${frame.length > LONGEST_FRAME ? `${frame.slice(0, LONGEST_FRAME)}…` : frame}`];
}

function factText(fact: StationFact): string {
  if (fact.kind === 'connector-status-reported') return `the connector is ${fact.status}`;
  if (fact.kind === 'station-booted') return 'the station booted';
  if (fact.kind !== 'transaction-reported' && fact.kind !== 'meter-values-reported') return fact.kind;
  const edge = fact.kind === 'transaction-reported' ? (fact.meterStartWh ?? fact.meterStopWh) : undefined;
  const register = fact.samples.find(({ measurand, phase }) => measurand === 'Energy.Active.Import.Register' && phase === undefined);
  const reading = edge ?? register?.value;
  const what = fact.kind === 'transaction-reported' ? `transaction ${fact.phase}` : 'readings of the connector';
  return reading === undefined ? what : `${what}, register ${reading} Wh`;
}

function totalOf({ total: { beforeTaxes, afterTaxes }, currency }: Cdr): string {
  const taxed = afterTaxes === undefined || afterTaxes === beforeTaxes ? '' : `, ${afterTaxes} ${currency} with taxes`;
  return `  Total: ${beforeTaxes} ${currency}${taxed}`;
}
