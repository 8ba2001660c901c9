// With security profile 3 the serial number in the certificate and the one that the station tells must be the same (OCPP 2.0.1 B01.FR.11,
// B01.FR.12; security whitepaper A00).
import { noticeFact } from '../facts/notice';
import { type Call, StationDenied } from './call';

const MISMATCH = 'SerialNumberMismatch';

/** @throws StationDenied after the mismatch is in the station's security log. */
export async function checkSerial(call: Call<object>, told: string | undefined): Promise<void> {
  const { certificateSerial } = call.station;
  if (certificateSerial === undefined || certificateSerial === told) return;
  const techInfo = `the certificate names ${certificateSerial}, the station ${told ?? 'nothing'}`.slice(0, 255);
  const payload = { type: MISMATCH, timestamp: call.receivedAt, techInfo };
  await call.record(noticeFact(call, { action: 'SecurityEventNotification', payload }));
  throw new StationDenied(techInfo);
}
