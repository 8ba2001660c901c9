// Who is behind a reference. Nothing that the bridge stores says it: partners' tokens are hidden before they are kept, and who is meant is
// asked of the registry at the moment when a partner is told. Nothing is remembered of the answer, so that an erasure holds at once.
import { type IdentityHash, type IssuedToken, type PartyKey, partyKey, type ResolvedToken } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import { type CdrToken, canonical, OcpiProblem } from '@evenkeel/ocpi';

/** What one question may ask. */
const MOST_TOKENS = 1_000;

export class Bearers {
  constructor(
    private readonly requester: Requester<'ocpi-bridge'>,
    private readonly hash: IdentityHash,
    private readonly ourParty: PartyKey,
  ) {}

  /** In the order asked. @throws Problem while the registry is silent. */
  async resolve(tokens: readonly IssuedToken[]): Promise<ResolvedToken[]> {
    const resolved: ResolvedToken[] = [];
    for (let at = 0; at < tokens.length; at += MOST_TOKENS) {
      const asked = tokens.slice(at, at + MOST_TOKENS);
      resolved.push(...(await this.requester.ask('resolveTokens', { tokens: asked })).tokens);
    }
    return resolved;
  }

  async one(token: IssuedToken): Promise<ResolvedToken> {
    const [resolved] = await this.resolve([token]);
    return resolved ?? { status: 'unknown' };
  }

  /** The token of a partner's session or CDR as it may be stored: keyed hashes in the places of its uid and contract. */
  hidden(token: CdrToken): CdrToken {
    return { ...token, uid: this.hash.tokenKey(token.uid), contract_id: this.contractKey(token.contract_id) };
  }

  issuedOf({ country_code, party_id, uid, type }: CdrToken): IssuedToken {
    return { party: partyKey(country_code, party_id), key: uid, type: canonical.token.typeOf(type) };
  }

  /** What `hidden` has hidden. @throws OcpiProblem where nobody can tell any more. */
  async revealed(hidden: CdrToken): Promise<CdrToken> {
    const resolved = await this.one(this.issuedOf(hidden));
    // Another contract is another person's: a card can change hands.
    const isTheSame = resolved.status === 'known' && this.contractKey(resolved.token.contractId) === hidden.contract_id;
    if (!isTheSame) throw OcpiProblem.missing('whom it is about is not known here any more');
    return { ...hidden, uid: resolved.token.uid, contract_id: resolved.token.contractId };
  }

  /** Of ours, by its contract, where a partner says no more of it. */
  async tokenOfContract(contractId: string | undefined): Promise<CdrToken | undefined> {
    if (contractId === undefined) return undefined;
    const { token } = await this.requester.ask('tokenOfContract', { party: this.ourParty, contractId });
    return token && canonical.session.tokenOf(token);
  }

  /** Recognises a text again without keeping it. */
  fingerprint(text: string): string {
    return this.hash.of('fingerprint', text);
  }

  private contractKey(contractId: string): string {
    return this.hash.of('contract', contractId.toLowerCase());
  }
}
