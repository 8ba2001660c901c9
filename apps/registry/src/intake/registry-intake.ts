// Hears what concerns the registry: signs of life from stations.
import type { Hears, Message } from '@evenkeel/contracts';
import { Hear } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { RegistryDesk } from '../catalogue/registry-desk';

@Controller()
export class RegistryIntake implements Hears<'registry'> {
  constructor(private readonly desk: RegistryDesk) {}

  @Hear('stationSignals')
  async stationSignals({ facts }: Message<'stationSignals'>): Promise<void> {
    await this.desk.recordFacts(facts);
  }
}
