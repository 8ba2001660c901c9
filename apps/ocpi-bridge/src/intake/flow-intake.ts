// Hears what partners must be told. A message is acknowledged when its deliveries are durable; sending them is the push worker's.
// Next: apps/ocpi-bridge/src/delivery/delivery-desk.ts
import type { Delivered, Hears, Message } from '@evenkeel/contracts';
import { Hear } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { DeliveryDesk } from '../delivery/delivery-desk';
import { ProfileWatch } from '../profiles/profile-watch';

@Controller()
export class FlowIntake implements Hears<'ocpi-bridge'> {
  constructor(
    private readonly desk: DeliveryDesk,
    private readonly profiles: ProfileWatch,
  ) {}

  @Hear('sessionStarted')
  sessionStarted({ session }: Message<'sessionStarted'>, { messageId }: Delivered): Promise<void> {
    return this.desk.sessionChanged(session, messageId);
  }

  @Hear('sessionUpdated')
  sessionUpdated({ session }: Message<'sessionUpdated'>, { messageId }: Delivered): Promise<void> {
    return this.desk.sessionChanged(session, messageId);
  }

  @Hear('sessionCompleted')
  sessionCompleted({ session }: Message<'sessionCompleted'>, { messageId }: Delivered): Promise<void> {
    return this.desk.sessionChanged(session, messageId);
  }

  @Hear('sessionAmended')
  sessionAmended({ session }: Message<'sessionAmended'>, { messageId }: Delivered): Promise<void> {
    return this.desk.sessionChanged(session, messageId);
  }

  @Hear('sessionDenied')
  sessionDenied({ session }: Message<'sessionDenied'>, { messageId }: Delivered): Promise<void> {
    return this.desk.sessionChanged(session, messageId);
  }

  @Hear('cdrIssued')
  cdrIssued({ cdr }: Message<'cdrIssued'>, { messageId }: Delivered): Promise<void> {
    return this.desk.cdrIssued(cdr, messageId);
  }

  @Hear('locationChanged')
  locationChanged(changed: Message<'locationChanged'>, { messageId }: Delivered): Promise<void> {
    return this.desk.locationChanged(changed, messageId);
  }

  @Hear('tariffChanged')
  tariffChanged(changed: Message<'tariffChanged'>, { messageId }: Delivered): Promise<void> {
    return this.desk.tariffChanged(changed, messageId);
  }

  @Hear('chargingProfilesChanged')
  chargingProfilesChanged(changed: Message<'chargingProfilesChanged'>, { messageId }: Delivered): Promise<void> {
    return this.profiles.changed(changed, messageId);
  }

  @Hear('tokenChanged')
  tokenChanged(changed: Message<'tokenChanged'>, { messageId }: Delivered): Promise<void> {
    return this.desk.tokenChanged(changed, messageId);
  }
}
