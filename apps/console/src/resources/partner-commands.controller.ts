// Commands at partners' chargers, as the OCPI bridge carries them.
import type { PartnerCommand, Request } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

type Order = Request<'sendPartnerCommand'>['order'];

@Controller()
export class PartnerCommandsController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('startPartnerSession')
  start({ params, body }: Input<'startPartnerSession'>, caller: Caller<'startPartnerSession'>): Promise<Output<'startPartnerSession'>> {
    return this.send(params.party, { command: 'START_SESSION', ...body }, caller);
  }

  @Operate('stopPartnerSession')
  stop({ params, body }: Input<'stopPartnerSession'>, caller: Caller<'stopPartnerSession'>): Promise<Output<'stopPartnerSession'>> {
    return this.send(params.party, { command: 'STOP_SESSION', ...body }, caller);
  }

  @Operate('reserveAtPartner')
  reserve({ params, body }: Input<'reserveAtPartner'>, caller: Caller<'reserveAtPartner'>): Promise<Output<'reserveAtPartner'>> {
    return this.send(params.party, { command: 'RESERVE_NOW', ...body }, caller);
  }

  @Operate('cancelPartnerReservation')
  cancel(
    { params, body }: Input<'cancelPartnerReservation'>,
    caller: Caller<'cancelPartnerReservation'>,
  ): Promise<Output<'cancelPartnerReservation'>> {
    return this.send(params.party, { command: 'CANCEL_RESERVATION', ...body }, caller);
  }

  @Operate('unlockPartnerConnector')
  unlock(
    { params, body }: Input<'unlockPartnerConnector'>,
    caller: Caller<'unlockPartnerConnector'>,
  ): Promise<Output<'unlockPartnerConnector'>> {
    return this.send(params.party, { command: 'UNLOCK_CONNECTOR', ...body }, caller);
  }

  @Operate('setPartnerProfile')
  setProfile(
    { params, body: limits }: Input<'setPartnerProfile'>,
    caller: Caller<'setPartnerProfile'>,
  ): Promise<Output<'setPartnerProfile'>> {
    return this.send(params.party, { command: 'SET_PROFILE', sessionId: params.sessionId, limits }, caller);
  }

  @Operate('clearPartnerProfile')
  clearProfile({ params }: Input<'clearPartnerProfile'>, caller: Caller<'clearPartnerProfile'>): Promise<Output<'clearPartnerProfile'>> {
    return this.send(params.party, { command: 'CLEAR_PROFILE', sessionId: params.sessionId }, caller);
  }

  @Operate('readPartnerProfile')
  readProfile({ params, body }: Input<'readPartnerProfile'>, caller: Caller<'readPartnerProfile'>): Promise<Output<'readPartnerProfile'>> {
    return this.send(params.party, { command: 'READ_PROFILE', sessionId: params.sessionId, ...body }, caller);
  }

  @Operate('getPartnerProfile')
  getProfile({ params }: Input<'getPartnerProfile'>): Promise<Output<'getPartnerProfile'>> {
    return this.services.ask('getPartnerProfile', { partner: params.party, sessionId: params.sessionId });
  }

  @Operate('setPartnerPreferences')
  setPreferences(
    { params, body: preferences }: Input<'setPartnerPreferences'>,
    caller: Caller<'setPartnerPreferences'>,
  ): Promise<Output<'setPartnerPreferences'>> {
    return this.send(params.party, { command: 'SET_PREFERENCES', sessionId: params.sessionId, preferences }, caller);
  }

  @Operate('getPartnerCommand')
  get({ params }: Input<'getPartnerCommand'>): Promise<Output<'getPartnerCommand'>> {
    return this.services.ask('getPartnerCommand', params);
  }

  private send(partner: string, order: Order, { username }: { username: string }): Promise<PartnerCommand> {
    return this.services.ask('sendPartnerCommand', { actor: { operator: username }, partner, order });
  }
}
