// Who is behind a request, for the events that follow from it.
import { randomUUID } from 'node:crypto';
import type { Actor } from '@evenkeel/contracts';
import type { CommandContext } from '@evenkeel/event-store';

/** Each request of an operator is a cause of its own. */
export function commandOf({ operator }: Actor): CommandContext {
  return { cause: randomUUID(), operator };
}
