// OCPP 2.0.1 B01 to B04. A boot ends no transaction: the station may go on with it or report its end later.
import { bootFrom201 } from '../../facts/from-v201';
import { bootAnswer } from '../boot-answer';
import type { Handler } from '../call';

export const bootNotification: Handler<'2.0.1', 'BootNotification'> = async (call, { intervals }) => {
  const registration = await call.station.registrationAtBoot();
  await call.record(bootFrom201(call, call.payload));
  call.station.booted();
  return bootAnswer(registration, intervals);
};
