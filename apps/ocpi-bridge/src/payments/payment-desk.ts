// What a payment terminal provider tells us, pushed or pulled: terminals, which are state, and financial advice confirmations, which are facts and
// are stored in their streams before anybody is answered.
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import { type FinancialAdviceConfirmation, fingerprintOf, type OcpiVersion, ocpiVersions, type Terminal } from '@evenkeel/ocpi';
import type { Bearers } from '../bearer/bearers';
import { hubOf, type PartnerState, partyIn } from '../partner/partner';
import { financialAdvice, financialAdviceCodec, financialAdviceStream, keptOf } from './financial-advice';
import { confirmationRow, type PaymentObjects, type Provider, terminalRow } from './payment-objects';

/** A partner that owns payment terminals, and the words for them: OCPI 2.3.0 has the role and the module. */
export type SpeakingProvider = Provider & { payments: NonNullable<OcpiVersion['payments']> };

/** Terminals and confirmations name no owner, so a hub cannot pass them on: nobody would know whose they are. */
export function providerIn({ partnerId, registration }: PartnerState): SpeakingProvider | undefined {
  if (!registration || hubOf(registration) !== undefined) return undefined;
  const party = partyIn(registration, 'PTP');
  const { payments } = ocpiVersions[registration.version];
  return party !== undefined && payments ? { party, partner_id: partnerId, payments } : undefined;
}

export class PaymentDesk {
  private readonly advice;

  constructor(
    store: EventStore,
    private readonly objects: PaymentObjects,
    private readonly bearers: Pick<Bearers, 'fingerprint'>,
  ) {
    this.advice = new StreamHandler({ store, decider: financialAdvice, codec: financialAdviceCodec });
  }

  async takeTerminals(provider: Provider, terminals: readonly Terminal[]): Promise<void> {
    const seenAt = new Date().toISOString();
    // A page that an update moved may carry the same one twice.
    const rows = new Map(terminals.map((terminal) => terminalRow(provider, terminal, seenAt)).map((row) => [row.id, row]));
    await this.objects.keep([...rows.values()]);
  }

  async takeConfirmation(provider: Provider, sent: FinancialAdviceConfirmation): Promise<'new' | 'known' | 'differs'> {
    const stream = financialAdviceStream(provider.party, sent.id);
    const fingerprint = this.bearers.fingerprint(fingerprintOf(sent));
    const received = { partnerId: provider.partner_id, confirmation: keptOf(sent), fingerprint };
    const handled = await this.advice.handle(stream, received, { cause: `${stream}@${fingerprint}` });
    if (!handled.accepted) return 'differs';
    // Also where it was known: a crash may have come between the two.
    await this.objects.keep([confirmationRow(provider, sent)]);
    return handled.events.length > 0 ? 'new' : 'known';
  }
}
