// The signed readings of CDRs, asked of the ledger when a partner is told: like whom a CDR is about, they are nothing that the bridge stores.
import type { Cdr, SignedReading } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import type { Deliverable } from './delivery';

/** What one question may ask: an answer must fit into one message. */
const MOST_SESSIONS = 50;

export class SignedMeterData {
  constructor(private readonly requester: Pick<Requester<'ocpi-bridge'>, 'ask'>) {}

  /** In the order of the objects; none for what names none. @throws Problem while the ledger is silent. */
  async of(objects: readonly Deliverable[]): Promise<SignedReading[][]> {
    const asked = objects.flatMap((object) => (object.module === 'cdrs' && object.cdr.signedEvidence ? [object.cdr] : []));
    const readings = new Map<string, SignedReading[]>();
    for (let at = 0; at < asked.length; at += MOST_SESSIONS) {
      const cdrs = asked.slice(at, at + MOST_SESSIONS);
      const { sessions } = await this.requester.ask('signedReadings', { sessions: cdrs.map(evidenceOf) });
      for (const [index, { cdrId }] of cdrs.entries()) readings.set(cdrId, sessions[index] ?? []);
    }
    return objects.map((object) => (object.module === 'cdrs' ? (readings.get(object.cdr.cdrId) ?? []) : []));
  }
}

function evidenceOf({ sessionId, signedEvidence = [] }: Cdr): { sessionId: string; evidence: string[] } {
  return { sessionId, evidence: signedEvidence };
}
