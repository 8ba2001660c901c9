// Remembers what was read from the tables until they change: a session's start asks for the same location, tariff and token again and again.

/** Answers kept at most; the oldest goes first. */
const MOST_ENTRIES = 20_000;

export class Memo<V> {
  private readonly answers = new Map<string, Promise<V>>();

  /** Concurrent readers of one key share one read; a read that fails is not remembered. */
  get(key: string, read: () => Promise<V>): Promise<V> {
    const known = this.answers.get(key);
    if (known) return known;
    const answer = read();
    this.answers.set(key, answer);
    answer.catch(() => this.forgetIf(key, answer));
    if (this.answers.size > MOST_ENTRIES) this.forgetOldest();
    return answer;
  }

  /** Also what is being read right now, because it may have been read before the change. */
  forget(key: string): void {
    this.answers.delete(key);
  }

  forgetAll(): void {
    this.answers.clear();
  }

  private forgetIf(key: string, answer: Promise<V>): void {
    if (this.answers.get(key) === answer) this.answers.delete(key);
  }

  private forgetOldest(): void {
    for (const oldest of this.answers.keys()) {
      this.answers.delete(oldest);
      return;
    }
  }
}
