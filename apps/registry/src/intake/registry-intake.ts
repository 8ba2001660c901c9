// Hears what concerns the registry: signs of life from stations, what they tell of themselves, and what prepaid tokens have to pay.
import type { Delivered, Hears, Message } from '@evenkeel/contracts';
import { Hear } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { AccountDesk } from '../account/account-desk';
import { FactDesk } from './fact-desk';

@Controller()
export class RegistryIntake implements Hears<'registry'> {
  constructor(
    private readonly facts: FactDesk,
    private readonly accounts: AccountDesk,
  ) {}

  @Hear('stationSignals')
  async stationSignals({ facts }: Message<'stationSignals'>): Promise<void> {
    await this.facts.take(facts);
  }

  @Hear('cdrIssued')
  async cdrIssued({ cdr }: Message<'cdrIssued'>, { messageId }: Delivered): Promise<void> {
    await this.accounts.book(cdr, messageId);
  }
}
