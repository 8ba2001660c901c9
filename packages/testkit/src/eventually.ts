// Waiting in tests: for what must come true, within a bound.

type Look<T> = () => T | undefined | false | Promise<T | undefined | false>;

/**
 * Waits until something is true, or there, without guessing how long it takes.
 * @param tell what is the case instead, where it is not obvious.
 * @throws after the deadline.
 */
export async function eventually<T>(look: Look<T>, withinMs = 10_000, tell?: () => unknown): Promise<T> {
  const endAt = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > endAt) {
      const told = tell ? ` Instead: ${JSON.stringify(await tell())}` : '';
      throw new Error(`it did not happen within ${withinMs} ms: ${look.toString()}${told}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
