// Commands at partners' chargers, as the OCPI bridge carries them.
import type { PartnerCommand, Request } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

type Order = Request<'sendPartnerCommand'>['order'];
/** What all operations of this kind are given. */
type ToPartner = Pick<Input<'startPartnerSession'>, 'params' | 'query'>;

@Controller()
export class PartnerCommandsController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('startPartnerSession')
  start(input: Input<'startPartnerSession'>, caller: Caller<'startPartnerSession'>): Promise<Output<'startPartnerSession'>> {
    return this.send(input, { command: 'START_SESSION', ...input.body }, caller);
  }

  @Operate('stopPartnerSession')
  stop(input: Input<'stopPartnerSession'>, caller: Caller<'stopPartnerSession'>): Promise<Output<'stopPartnerSession'>> {
    return this.send(input, { command: 'STOP_SESSION', ...input.body }, caller);
  }

  @Operate('reserveAtPartner')
  reserve(input: Input<'reserveAtPartner'>, caller: Caller<'reserveAtPartner'>): Promise<Output<'reserveAtPartner'>> {
    return this.send(input, { command: 'RESERVE_NOW', ...input.body }, caller);
  }

  @Operate('cancelPartnerReservation')
  cancel(
    input: Input<'cancelPartnerReservation'>,
    caller: Caller<'cancelPartnerReservation'>,
  ): Promise<Output<'cancelPartnerReservation'>> {
    return this.send(input, { command: 'CANCEL_RESERVATION', ...input.body }, caller);
  }

  @Operate('unlockPartnerConnector')
  unlock(input: Input<'unlockPartnerConnector'>, caller: Caller<'unlockPartnerConnector'>): Promise<Output<'unlockPartnerConnector'>> {
    return this.send(input, { command: 'UNLOCK_CONNECTOR', ...input.body }, caller);
  }

  @Operate('setPartnerProfile')
  setProfile(input: Input<'setPartnerProfile'>, caller: Caller<'setPartnerProfile'>): Promise<Output<'setPartnerProfile'>> {
    return this.send(input, { command: 'SET_PROFILE', sessionId: input.params.sessionId, limits: input.body }, caller);
  }

  @Operate('clearPartnerProfile')
  clearProfile(input: Input<'clearPartnerProfile'>, caller: Caller<'clearPartnerProfile'>): Promise<Output<'clearPartnerProfile'>> {
    return this.send(input, { command: 'CLEAR_PROFILE', sessionId: input.params.sessionId }, caller);
  }

  @Operate('readPartnerProfile')
  readProfile(input: Input<'readPartnerProfile'>, caller: Caller<'readPartnerProfile'>): Promise<Output<'readPartnerProfile'>> {
    return this.send(input, { command: 'READ_PROFILE', sessionId: input.params.sessionId, ...input.body }, caller);
  }

  @Operate('getPartnerProfile')
  getProfile({ params }: Input<'getPartnerProfile'>): Promise<Output<'getPartnerProfile'>> {
    return this.services.ask('getPartnerProfile', { partner: params.party, sessionId: params.sessionId });
  }

  @Operate('setPartnerPreferences')
  setPreferences(input: Input<'setPartnerPreferences'>, caller: Caller<'setPartnerPreferences'>): Promise<Output<'setPartnerPreferences'>> {
    return this.send(input, { command: 'SET_PREFERENCES', sessionId: input.params.sessionId, preferences: input.body }, caller);
  }

  @Operate('getPartnerCommand')
  get({ params }: Input<'getPartnerCommand'>): Promise<Output<'getPartnerCommand'>> {
    return this.services.ask('getPartnerCommand', params);
  }

  private send({ params, query }: ToPartner, order: Order, { username }: { username: string }): Promise<PartnerCommand> {
    return this.services.ask('sendPartnerCommand', { actor: { operator: username }, partner: params.party, order, ...query });
  }
}
