import { fold } from '@evenkeel/decider';
import { financialAdvice as sent } from '../testing/roaming';
import { financialAdvice, financialAdviceStream, keptOf } from './financial-advice';

const received = { partnerId: 'p1', confirmation: keptOf(sent), fingerprint: 'f1' };

describe('a financial advice confirmation', () => {
  it('PAY-2: is received once, and never changes', () => {
    const event = { type: 'FinancialAdviceReceived' as const, data: received };
    const state = fold(financialAdvice, [event]);
    expect(financialAdvice.decide(financialAdvice.initial(), received)).toEqual({ accepted: true, events: [event] });
    expect(financialAdvice.decide(state, { ...received })).toEqual({ accepted: true, events: [] });
    expect(financialAdvice.decide(state, { ...received, fingerprint: 'f2' })).toEqual({ accepted: false, rejection: 'differs' });
  });

  it('PAY-2: is kept without its lines, its words and whatever we do not know of it', () => {
    const { eft_data: _, capture_status_message: __, ...kept } = sent;
    expect(keptOf({ ...sent, cardholder: 'Ada Lovelace' } as typeof sent)).toEqual(kept);
  });

  it('is of its provider, whatever the case of its id', () => {
    expect(financialAdviceStream('US-PTP', 'ADVICE-1')).toBe(financialAdviceStream('US-PTP', 'advice-1'));
    expect(financialAdviceStream('US-OTH', 'ADVICE-1')).not.toBe(financialAdviceStream('US-PTP', 'ADVICE-1'));
  });
});
