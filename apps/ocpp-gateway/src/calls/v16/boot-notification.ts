// OCPP 1.6 section 4.2. A boot ends no transaction: the station may go on with it or report its end later.
import { bootFrom16 } from '../../facts/from-v16';
import { bootAnswer } from '../boot-answer';
import type { Handler } from '../call';
import { checkSerial } from '../serial-check';

export const bootNotification: Handler<'1.6', 'BootNotification'> = async (call, { intervals }) => {
  await checkSerial(call, call.payload.chargePointSerialNumber);
  const registration = await call.station.registrationAtBoot();
  await call.record(bootFrom16(call, call.payload));
  call.station.booted();
  return bootAnswer(registration, intervals);
};
