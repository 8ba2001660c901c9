// What a partner is told of signed readings: the bytes of the facts that a bill names, and the key of the meter.
import { InMemoryEventStore } from '@evenkeel/event-store';
import type { SessionFact } from '../session/session-events';
import { at, event, lastSaid, promptly, sessionId, terms, token } from '../session/session-scenarios';
import { LedgerUnderTest } from '../testing/ledger-under-test';
import { SignedEvidence } from './signed-evidence';

function signed(fact: SessionFact, signedMeterData: string, publicKey = ''): SessionFact {
  if (fact.kind !== 'transaction-reported') throw new Error('no transaction');
  const carried = { signedMeterData, signingMethod: '', encodingMethod: 'OCMF', publicKey };
  // Two samples of one reading carry the same record.
  const samples = [...fact.samples, ...fact.samples].map((sample) => ({ ...sample, signed: carried }));
  return { ...fact, samples };
}

it('SCD-8: the first and the last record of a session, byte for byte, with the key that came with one of them', async () => {
  const store = new InMemoryEventStore();
  const ledger = new LedgerUnderTest({ policy: promptly, terms: () => terms(), startMs: Date.parse(at('11:01')), store });
  await ledger.hear(
    signed(event(0, '10:00', 'started', { wh: '0', evseId: 1, connectorId: 1, token }), 'first', 'key'),
    signed(event(1, '10:30', 'updated', { wh: '3000' }), 'between'),
    signed(event(2, '11:00', 'ended', { wh: '6000' }), 'last'),
  );
  await ledger.pass(1);
  const evidence = lastSaid(await ledger.eventsOf(sessionId))?.signedEvidence ?? [];
  const readings = await new SignedEvidence(store).readings({
    sessions: [
      { sessionId, evidence },
      { sessionId: 'nobody', evidence: ['x'] },
    ],
  });
  expect(readings.sessions).toEqual([
    [
      { nature: 'Start', encodingMethod: 'OCMF', publicKey: 'key', data: 'first' },
      { nature: 'End', encodingMethod: 'OCMF', publicKey: 'key', data: 'last' },
    ],
    [],
  ]);
  await ledger.stop();
});
