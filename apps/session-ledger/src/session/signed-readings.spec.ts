import { generateKeyPairSync, sign } from 'node:crypto';
import { fold } from '@evenkeel/decider';
import { session } from './session';
import type { SessionFact } from './session-events';
import { ended, event, lastSaid, recordAll, run, settleAt, started, terms, token } from './session-scenarios';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const key = publicKey.export({ format: 'der', type: 'spki' }).toString('hex');

function ocmf(...readings: [transaction: string, wh: number][]): string {
  const RD = readings.map(([TX, wh]) => ({ TM: '2026-03-01T10:00:00,000+0000 S', TX, RV: wh / 1000, RU: 'kWh', ST: 'G' }));
  const text = JSON.stringify({ FV: '1.0', MS: 'M-1', RD });
  return `OCMF|${text}|${JSON.stringify({ SD: sign('sha256', Buffer.from(text), privateKey).toString('hex') })}`;
}

/** As an OCPP 2.0.1 station sends it. */
function signed(fact: SessionFact, record: string, publicKeyText: string, encodingMethod = 'OCMF'): SessionFact {
  if (fact.kind !== 'transaction-reported') throw new Error('no transaction');
  const carried = { signedMeterData: Buffer.from(record).toString('base64'), signingMethod: '', encodingMethod, publicKey: publicKeyText };
  return { ...fact, samples: fact.samples.map((sample) => ({ ...sample, signed: carried })) };
}

const start = event(0, '10:00', 'started', { wh: '1000', evseId: 1, connectorId: 1, token });
const end = event(1, '11:00', 'ended', { wh: '6000' });
const aboutSigned = (flags: readonly string[]) => flags.filter((flag) => /^sign/.test(flag));

function whole(...facts: SessionFact[]) {
  const said = lastSaid(run([...recordAll(facts), { kind: 'agree', terms: terms() }, settleAt('23:00')]));
  if (said === undefined) throw new Error('nothing was said of the session');
  return said;
}

it('TX-102: signed readings are checked when they come, also by a key that was told with an earlier one', () => {
  const { signedChecks, signedEvidence, flags } = whole(
    signed(start, ocmf(['B', 1000]), key),
    signed(end, ocmf(['B', 1000], ['E', 6000]), ''),
  );
  expect(signedEvidence).toEqual([start.factId, end.factId]);
  expect(signedChecks).toEqual([
    { factId: start.factId, verdict: 'valid', meterSerial: 'M-1', beginWh: '1000' },
    { factId: end.factId, verdict: 'valid', meterSerial: 'M-1', beginWh: '1000', endWh: '6000' },
  ]);
  expect(aboutSigned(flags)).toEqual([]);
});

it('TX-120: a signature that is wrong, and signed energy that is not what is billed, are flagged and change no bill', () => {
  const forged = whole(signed(start, ocmf(['B', 1000]), key), signed(end, ocmf(['E', 7000]).replace('"RV":7', '"RV":6'), ''));
  expect(forged.signedChecks?.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid']);
  expect(aboutSigned(forged.flags)).toEqual(['signatureInvalid']);
  const differing = whole(signed(start, ocmf(['B', 1000]), key), signed(end, ocmf(['E', 7000]), ''));
  expect(aboutSigned(differing.flags)).toEqual(['signedEnergyDiffers']);
  expect(differing.energyWh).toBe('5000');
  // The plain register may be rounded as the display is.
  expect(aboutSigned(whole(signed(start, ocmf(['B', 1000]), key), signed(end, ocmf(['E', 6009]), '')).flags)).toEqual([]);
});

it('without a key, in another format, or as no record at all, it is said so', () => {
  const verdicts = (...facts: SessionFact[]) => whole(...facts).signedChecks?.map(({ verdict }) => verdict);
  expect(verdicts(signed(start, ocmf(['B', 1000]), ''), signed(end, ocmf(['E', 6000]), key))).toEqual(['no-key', 'valid']);
  expect(verdicts(start, signed(end, '<xml/>', key, 'EDL'))).toEqual(['unsupported']);
  expect(verdicts(start, signed(end, '<xml/>', key))).toEqual(['unreadable']);
});

it('OCPP 1.6: a record that stands by itself', () => {
  const record = {
    at: '2026-03-01T11:00:00.000Z',
    measurand: 'Energy.Active.Import.Register',
    context: 'Transaction.End',
    data: ocmf(['B', 0], ['E', 5000]),
  };
  const stop = { ...ended('11:00', '6000'), signedRecords: [record] } as SessionFact;
  expect(whole(started('10:00', '1000'), stop).signedChecks).toMatchObject([{ verdict: 'no-key', beginWh: '0', endWh: '5000' }]);
});

it('is stored with the fact, once', () => {
  const fact = signed(start, ocmf(['B', 1000]), key);
  const events = run(recordAll([fact, fact]));
  expect(events.map(({ type }) => type)).toEqual(['SessionOpened', 'FactRecorded', 'SignedReadingsChecked']);
  expect(fold(session, events).meterKey).toBe(key);
});
