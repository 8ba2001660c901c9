// Whose an API key is. The registry knows; its answer is remembered for a moment under the key's hash, because a machine sends its key with
// every request. A key that is taken away works for that moment longer.
import { createHash } from 'node:crypto';
import type { Operator } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';

const REMEMBERED_MS = 30_000;
const MOST_REMEMBERED = 1_000;

interface Remembered {
  readonly operator: Promise<Operator>;
  readonly untilMs: number;
}

export class ApiKeys {
  private readonly remembered = new Map<string, Remembered>();

  constructor(
    private readonly requester: Pick<Requester<'console'>, 'ask'>,
    private readonly now: () => number,
  ) {}

  /** @throws Problem `forbidden` for an unknown key; a refusal is not remembered. */
  operatorOf(apiKey: string): Promise<Operator> {
    const hash = createHash('sha256').update(apiKey).digest('base64');
    const known = this.remembered.get(hash);
    if (known && known.untilMs > this.now()) return known.operator;
    const operator = this.requester.ask('authenticateOperator', { apiKey });
    const entry: Remembered = { operator, untilMs: this.now() + REMEMBERED_MS };
    this.remember(hash, entry);
    operator.catch(() => {
      if (this.remembered.get(hash) === entry) this.remembered.delete(hash);
    });
    return operator;
  }

  /** Newest last, so that the first is the one to drop. */
  private remember(hash: string, entry: Remembered): void {
    this.remembered.delete(hash);
    this.remembered.set(hash, entry);
    const [oldest] = this.remembered.keys();
    if (this.remembered.size > MOST_REMEMBERED && oldest !== undefined) this.remembered.delete(oldest);
  }
}
