// OCPP 2.0.1 B01 to B04. A boot ends no transaction: the station may go on with it or report its end later.
import { bootFromV2 } from '../../facts/from-v2';
import { bootAnswer } from '../boot-answer';
import type { HandlerV2 } from '../call';
import { checkSerial } from '../serial-check';

export const bootNotification: HandlerV2<'BootNotification'> = async (call, { intervals }) => {
  await checkSerial(call, call.payload.chargingStation.serialNumber);
  const registration = await call.station.registrationAtBoot();
  await call.record(bootFromV2(call, call.payload));
  call.station.booted();
  return bootAnswer(registration, intervals);
};
