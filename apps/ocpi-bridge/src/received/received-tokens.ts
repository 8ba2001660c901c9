// Tokens that partners push to us or that we pull from them. The registry keeps them, sealed; the bridge only hands them on, and answers the
// partner when they are kept.
import { randomUUID } from 'node:crypto';
import { fits, type PartyKey, TokenRecord, type TokenType } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import { canonical, readWire, type WireToken } from '@evenkeel/ocpi';

/** What one question may hand on. */
const MOST_TOKENS = 250;

export class ReceivedTokens {
  constructor(private readonly requester: Requester<'ocpi-bridge'>) {}

  /** Resolves when the tokens are durable. @returns how many of them were unknown. @throws Problem while the registry is silent. */
  async keep(tokens: readonly WireToken[]): Promise<number> {
    const parts: (readonly WireToken[])[] = [];
    for (let at = 0; at < tokens.length; at += MOST_TOKENS) parts.push(tokens.slice(at, at + MOST_TOKENS));
    // At once: while the registry waits for its database with one part it seals another.
    const kept = await Promise.all(parts.map((part) => this.handOn(part)));
    return kept.reduce((sum, created) => sum + created, 0);
  }

  private async handOn(tokens: readonly WireToken[]): Promise<number> {
    const handedOn = tokens.map((asSent) => ({ token: canonical.token.read(asSent), asSent }));
    return (await this.requester.ask('keepPartnerTokens', { cause: randomUUID(), tokens: handedOn })).created;
  }

  /** With all that the partner said of it. */
  async find(party: PartyKey, uid: string, type: TokenType): Promise<WireToken | undefined> {
    const { asSent } = await this.requester.ask('findPartnerToken', { party, token: { uid, type } });
    if (asSent === undefined) return undefined;
    const read = readWire(canonical.token.schema, asSent);
    return read.ok ? read.value : undefined;
  }
}

/** Whether the registry can read the token: one that it cannot must not hold up the others of its page. */
export function isReadable(token: WireToken): boolean {
  try {
    return fits(TokenRecord, canonical.token.read(token));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
