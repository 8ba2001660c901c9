// The decider of one financial advice confirmation: what a provider captured for a session is a fact. The same one again is welcome, another one
// under its id is not.
import { idOf, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { canonical, type FinancialAdviceConfirmation, knownFields } from '@evenkeel/ocpi';

/** Without what may say whose card it was: the lines for the invoice, and what the provider says in words. */
export type KeptAdvice = Omit<FinancialAdviceConfirmation, 'eft_data' | 'capture_status_message'>;

export type FinancialAdviceEvent = {
  type: 'FinancialAdviceReceived';
  /** The keyed fingerprint of everything proves what was sent. */
  data: { partnerId: string; confirmation: KeptAdvice; fingerprint: string };
};
export type FinancialAdviceCommand = FinancialAdviceEvent['data'];
export interface FinancialAdviceState {
  fingerprint?: string;
}

export const financialAdvice: Decider<FinancialAdviceState, FinancialAdviceCommand, FinancialAdviceEvent, 'differs'> = {
  initial: () => ({}),
  evolve: (_state, { data }) => ({ fingerprint: data.fingerprint }),
  decide: ({ fingerprint }, data) => {
    if (fingerprint === undefined) return accept<FinancialAdviceEvent>({ type: 'FinancialAdviceReceived', data });
    return fingerprint === data.fingerprint ? accept() : reject('differs');
  },
};

export function keptOf(sent: FinancialAdviceConfirmation): KeptAdvice {
  const { eft_data: _, capture_status_message: __, ...kept } = knownFields(canonical.financialAdvice.schema, sent);
  return kept;
}

export const financialAdviceCodec: Codec<FinancialAdviceEvent> = codecOf<FinancialAdviceEvent>({ FinancialAdviceReceived: [] });

/** Ids are the provider's own, and compared without case. */
export function financialAdviceStream(provider: PartyKey, id: string): string {
  return `partneradvice-${idOf('financial-advice', provider, id.toLowerCase())}`;
}
