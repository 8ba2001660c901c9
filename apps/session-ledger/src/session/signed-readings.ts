// Checks signed meter readings when they are recorded, and keeps the verdict: whoever asks later, with the key long gone, is told what was found.
// The bytes stay in the fact. A station may tell the key of its meter once and leave it out from then on (OCPP 2.0.1 PublicKeyWithSignedMeterValue).
import type { SessionSnapshot, SignedReadingCheck } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { checkOcmf } from '@evenkeel/ocmf';
import type { SessionState } from './session';
import type { SessionEvent, SessionFact } from './session-events';

/** The coarsest that the displays of such meters have: a hundredth of a kWh (TX-120). */
const DISPLAY_RESOLUTION_WH = Decimal.of(10n);

/** A record and what the station said with it. */
export interface Signed {
  readonly data: string;
  readonly encoding: string;
  readonly publicKey?: string;
}

export function checkSigned({ meterKey }: Pick<SessionState, 'meterKey'>, fact: SessionFact): SessionEvent[] {
  const records = signedIn(fact);
  if (records.length === 0) return [];
  let key = meterKey;
  const checks = records.map(({ data, encoding, publicKey }): SignedReadingCheck => {
    if (publicKey !== undefined && publicKey !== '') key = publicKey;
    return { factId: fact.factId, ...checkOne(data, encoding, key) };
  });
  return [{ type: 'SignedReadingsChecked', data: { checks, ...(key === undefined ? {} : { meterKey: key }) } }];
}

/** What of the checks concerns the bill: of the facts that are its evidence. */
export function checksOf(checks: readonly SignedReadingCheck[], evidence: readonly string[]): SignedReadingCheck[] {
  return checks.filter(({ factId }) => evidence.includes(factId));
}

/** A signature that is wrong, and signed energy that is not what is billed: the signed value is the evidence, the plain one stays the bill. */
export function flagsOfSigned(checks: readonly SignedReadingCheck[], energyWh: SessionSnapshot['energyWh']): string[] {
  const isWrong = checks.some(({ verdict }) => verdict === 'invalid');
  const { beginWh, endWh } = checks.findLast((check) => check.endWh !== undefined) ?? {};
  const begin = beginWh ?? checks.find((check) => check.beginWh !== undefined)?.beginWh;
  const signedWh = begin === undefined || endWh === undefined ? undefined : Decimal.parse(endWh).subtract(Decimal.parse(begin));
  const differs = signedWh !== undefined && signedWh.subtract(Decimal.parse(energyWh)).absolute.compare(DISPLAY_RESOLUTION_WH) > 0;
  return [...(isWrong ? ['signatureInvalid'] : []), ...(differs ? ['signedEnergyDiffers'] : [])];
}

function checkOne(data: string, encoding: string, key: string | undefined): Omit<SignedReadingCheck, 'factId'> {
  if (encoding.toUpperCase() !== 'OCMF') return { verdict: 'unsupported', reason: `it is encoded as ${encoding}` };
  const { verdict, reason, meterSerial, readings } = checkOcmf(data, key);
  const energyAt = (transactions: string) =>
    readings.findLast(({ transaction = '' }) => transaction !== '' && transactions.includes(transaction))?.energyWh;
  const [beginWh, endWh] = [energyAt('B'), energyAt('ELRAP')];
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(meterSerial === undefined ? {} : { meterSerial }),
    ...(beginWh === undefined ? {} : { beginWh }),
    ...(endWh === undefined ? {} : { endWh }),
  };
}

/** OCPP 1.6 says nothing of how its SignedData is encoded: OCMF says so itself. */
export function signedIn(fact: SessionFact): Signed[] {
  if (fact.kind !== 'transaction-reported' && fact.kind !== 'meter-values-reported') return [];
  const ofSamples = fact.samples.flatMap(({ signed }): Signed[] => {
    const { signedMeterData, encodingMethod = 'OCMF', publicKey } = signed ?? {};
    if (signedMeterData === undefined) return [];
    return [{ data: signedMeterData, encoding: encodingMethod, ...(publicKey === undefined ? {} : { publicKey }) }];
  });
  return [...ofSamples, ...(fact.signedRecords ?? []).map(({ data }) => ({ data, encoding: 'OCMF' }))];
}
