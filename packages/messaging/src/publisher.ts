// Says a service's own messages. The promise resolves with the broker's PubAck: from then on the message survives every process.
import { type AppName, type Message, messageSubject, type PartyKey, type SaidBy } from '@evenkeel/contracts';
import type { Broker } from './broker';
import { BrokerUnavailable } from './errors';

const ACK_DEADLINE_MS = 3_000;
const ATTEMPTS = 3;

export class Publisher<A extends AppName> {
  constructor(private readonly broker: Broker) {}

  /**
   * @param id becomes Nats-Msg-Id: the same id again is recognised as a repetition.
   * @throws BrokerUnavailable when no PubAck came; the message may be stored all the same.
   */
  async say<M extends SaidBy<A>>(name: M, party: PartyKey, message: Message<M>, id: string): Promise<void> {
    const subject = messageSubject(name, party);
    const payload = Buffer.from(JSON.stringify(message));
    for (let attempt = 1; ; attempt++) {
      try {
        await this.broker.jetstream.publish(subject, payload, { msgID: id, timeout: ACK_DEADLINE_MS });
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw new BrokerUnavailable(`${subject} was not confirmed`, { cause: error });
      }
    }
  }
}
