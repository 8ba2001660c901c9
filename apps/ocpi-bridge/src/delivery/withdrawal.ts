// Tells partners that tokens are void, at once and once. It is no delivery: a delivery waits for its partner and would have to keep whom it
// is about, and these tokens are of somebody who is about to be erased.
import type { TokenRecord } from '@evenkeel/contracts';
import type { PartnerClient } from '../client/partner-client';
import type { Role } from '../interfaces';
import { addresseeOf } from '../partner/partner';
import type { PartnerView, RegisteredPartner } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import { pushOf } from './push-request';

const DEADLINE_MS = 5_000;

export class Withdrawal {
  constructor(
    private readonly partners: Pick<PartnerView, 'registered'>,
    private readonly client: Pick<PartnerClient, 'send'>,
    private readonly vault: Pick<TokenVault, 'open'>,
    private readonly role: Role,
  ) {}

  /** @returns the names of the partners that have not acknowledged every token. */
  async withdraw(tokens: readonly TokenRecord[]): Promise<string[]> {
    if (this.role !== 'EMSP') return [];
    const outcomes = await Promise.all(
      (await this.partners.registered()).map(async (partner) => {
        const told = await Promise.all(tokens.map((token) => this.tell(partner, token)));
        return told.includes(false) ? [partner.name] : [];
      }),
    );
    return outcomes.flat();
  }

  /** @returns false where the partner should know and does not; one that takes no tokens has none to forget. */
  private async tell(partner: RegisteredPartner, token: TokenRecord): Promise<boolean> {
    const { registration } = partner;
    const recipient = addresseeOf(registration, 'CPO');
    const withdrawn = { ...token, valid: false };
    const { party, type, lastUpdated } = withdrawn;
    const object = { module: 'tokens', token: { party, key: '', type }, lastUpdated } as const;
    const push = pushOf({ object, bearer: withdrawn, operatorName: '' }, partner, this.role);
    if (recipient === undefined || !push.ok) return true;
    const ours = this.vault.open(registration.theirToken);
    const request = { ...push.wire, token: ours, peer: registration, to: recipient, deadlineMs: DEADLINE_MS };
    const exchange = await this.client.send({ ...request, partnerId: partner.partnerId, urgent: true });
    return exchange.kind === 'answered' && exchange.outcome.kind === 'acknowledged';
  }
}
