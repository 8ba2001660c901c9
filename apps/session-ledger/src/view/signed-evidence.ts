// The signed readings behind a bill, byte for byte out of the session's stream, for the partner that its CDR goes to (OCPI 2.2.1 mod_cdrs,
// SignedData). No CDR holds them: such a record may name the driver's card.
import type { Reply, Request, SignedReading } from '@evenkeel/contracts';
import type { EventStore } from '@evenkeel/event-store';
import { sessionCodec, sessionStream } from '../session/session-events';
import { signedIn } from '../session/signed-readings';

export class SignedEvidence {
  constructor(private readonly store: Pick<EventStore, 'read'>) {}

  async readings({ sessions }: Request<'signedReadings'>): Promise<Reply<'signedReadings'>> {
    return { sessions: await Promise.all(sessions.map(({ sessionId, evidence }) => this.of(sessionId, evidence))) };
  }

  private async of(sessionId: string, evidence: readonly string[]): Promise<SignedReading[]> {
    const events = (await this.store.read(sessionStream(sessionId))).map((stored) => sessionCodec.decode(stored));
    // A station tells the key of its meter once, with whatever record it likes.
    const key = events.findLast((event) => event.type === 'SignedReadingsChecked')?.data.meterKey;
    const last = evidence.at(-1);
    return events.flatMap((event) => {
      if (event.type !== 'FactRecorded' || !evidence.includes(event.data.fact.factId)) return [];
      const nature = event.data.fact.factId === last ? 'End' : 'Start';
      // Each measurand of a reading may carry the record of them all.
      const records = new Map(signedIn(event.data.fact).map((record) => [record.data, record]));
      return [...records.values()].map(({ data, encoding, publicKey }): SignedReading => {
        const known = publicKey === undefined || publicKey === '' ? key : publicKey;
        return { nature, encodingMethod: encoding, ...(known === undefined ? {} : { publicKey: known }), data };
      });
    });
  }
}
