// Operators: people who log in with a password, which is hashed slowly, and machines with an API key, which is long and random and so is
// hashed fast.
import { createHash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { idOf, type Role } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

const slowHash = promisify<string, Buffer, number, Buffer>(scrypt);

export type OperatorEvent =
  | { type: 'OperatorRegistered'; data: { username: string; role: Role; passwordHash: string } }
  | { type: 'ApiKeyRegistered'; data: { username: string; role: Role; keyHash: string } };

export const operatorCodec: Codec<OperatorEvent> = codecOf<OperatorEvent>({ OperatorRegistered: [], ApiKeyRegistered: [] });
export const operatorStreamPrefix = 'operator-';

/** The first registration stays; passwords are changed by a command of their own, not by registering again. */
export const operator: Decider<{ registered: boolean }, OperatorEvent, OperatorEvent> = {
  initial: () => ({ registered: false }),
  evolve: () => ({ registered: true }),
  decide: (state, event) => (state.registered ? accept() : accept(event)),
};

export function operatorStream(username: string): string {
  return `${operatorStreamPrefix}${idOf('operator', username.toLowerCase())}`;
}

/** @returns salt and hash, joined by a colon. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await slowHash(password, salt, 32)).toString('hex')}`;
}

export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  const [salt = '', hash = ''] = stored.split(':');
  return timingSafeEqual(await slowHash(password, Buffer.from(salt, 'hex'), 32), Buffer.from(hash, 'hex'));
}

export function hashApiKey(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}
