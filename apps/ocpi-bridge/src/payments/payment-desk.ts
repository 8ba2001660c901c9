// What a payment terminal provider tells us, pushed or pulled: terminals, which are state, and financial advice confirmations, which are facts and
// are stored in their streams before anybody is answered.
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import { fingerprintOf, OcpiProblem, type OcpiVersion, ocpiVersions, statusCodes } from '@evenkeel/ocpi';
import type { Bearers } from '../bearer/bearers';
import { bodyOf } from '../http/ownership';
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

/** @throws OcpiProblem 404 for whoever is no provider, and in a version that has none. */
export function providerOf(partner: PartnerState): SpeakingProvider {
  const provider = providerIn(partner);
  if (provider) return provider;
  throw OcpiProblem.missing('the platform is no payment terminal provider of OCPI 2.3.0', statusCodes.invalidParameters);
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

  /** @returns whether it was unknown. @throws OcpiProblem, as the other one. */
  async takeTerminal(partner: PartnerState, received: unknown): Promise<boolean> {
    const provider = providerOf(partner);
    const terminal = bodyOf(provider.payments.terminal.read(received, { owner: provider.party }));
    const before = await this.objects.one('terminal', provider.party, terminal.terminal_id);
    await this.objects.keep(terminalRow(provider, terminal, new Date().toISOString()));
    return before === undefined;
  }

  /** @returns whether it was unknown. */
  async takeConfirmation(partner: PartnerState, received: unknown): Promise<boolean> {
    const provider = providerOf(partner);
    const sent = bodyOf(provider.payments.confirmation.read(received, { owner: provider.party }));
    const stream = financialAdviceStream(provider.party, sent.id);
    const fingerprint = this.bearers.fingerprint(fingerprintOf(sent));
    const step = { partnerId: partner.partnerId, confirmation: keptOf(sent), fingerprint };
    const handled = await this.advice.handle(stream, step, { cause: `${stream}@${fingerprint}` });
    if (!handled.accepted) throw OcpiProblem.invalid(`confirmation ${sent.id} is here already and says something else`);
    // Also where it was known: a crash may have come between the two.
    await this.objects.keep(confirmationRow(provider, sent));
    return handled.events.length > 0;
  }
}
