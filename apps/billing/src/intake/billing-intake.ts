// Hears what must be billed, and what became of the CDRs. A message is acknowledged when its outcome is in the stream; a repeated one finds it there.
// Next: apps/billing/src/cdr/draft-cdr.ts
import type { Delivered, Hears, Message } from '@evenkeel/contracts';
import { Hear } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { BillingDesk } from '../billing-desk';
import { DeliveryDesk } from '../delivery/delivery-desk';
import { DisputeDesk } from '../dispute/dispute-desk';
import { DriverBillDesk } from '../driver-bill/driver-bill-desk';

@Controller()
export class BillingIntake implements Hears<'billing'> {
  constructor(
    private readonly desk: BillingDesk,
    private readonly deliveries: DeliveryDesk,
    private readonly disputes: DisputeDesk,
    private readonly driverBills: DriverBillDesk,
  ) {}

  @Hear('sessionCompleted')
  async sessionCompleted({ session }: Message<'sessionCompleted'>, { messageId }: Delivered): Promise<void> {
    await this.desk.bill(session, messageId);
  }

  @Hear('sessionAmended')
  async sessionAmended({ session }: Message<'sessionAmended'>, { messageId }: Delivered): Promise<void> {
    await this.desk.bill(session, messageId);
  }

  @Hear('sessionDenied')
  async sessionDenied({ session }: Message<'sessionDenied'>, { messageId }: Delivered): Promise<void> {
    await this.desk.deny(session, messageId);
  }

  @Hear('partnerCdrReceived')
  async partnerCdrReceived({ cdr }: Message<'partnerCdrReceived'>, { messageId }: Delivered): Promise<void> {
    await this.desk.book(cdr, messageId);
    await this.disputes.consider(cdr, messageId);
    await this.driverBills.consider(cdr, messageId);
  }

  @Hear('cdrDelivered')
  async cdrDelivered(data: Message<'cdrDelivered'>, { messageId }: Delivered): Promise<void> {
    await this.deliveries.record({ type: 'CdrDelivered', data }, messageId);
  }

  @Hear('cdrDeliveryParked')
  async cdrDeliveryParked(data: Message<'cdrDeliveryParked'>, { messageId }: Delivered): Promise<void> {
    await this.deliveries.record({ type: 'CdrDeliveryParked', data }, messageId);
  }
}
