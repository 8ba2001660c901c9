// Hears what concerns the registry: signs of life from stations, and what they tell of themselves.
import type { Hears, Message } from '@evenkeel/contracts';
import { Hear } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { FactDesk } from './fact-desk';

@Controller()
export class RegistryIntake implements Hears<'registry'> {
  constructor(private readonly facts: FactDesk) {}

  @Hear('stationSignals')
  async stationSignals({ facts }: Message<'stationSignals'>): Promise<void> {
    await this.facts.take(facts);
  }
}
