// Decides whether a station may open a connection (OCPP-J security profiles 0 and 1).
import type { AdmitStationRequest, StationAdmission } from '@evenkeel/contracts';
import type { StationRow } from '../view/registry-tables';
import { passwordFits } from './password';

export function admit(row: StationRow | undefined, { password }: Pick<AdmitStationRequest, 'password'>, secret: string): StationAdmission {
  if (!row) return { admitted: false, reason: 'unknown-station' };
  const { party, stationId, versions, registration, securityProfile } = row.registered;
  if (securityProfile > 0) {
    const fits = password !== undefined && passwordFits(Buffer.from(password, 'base64'), row.password_hashes, secret);
    if (!fits) return { admitted: false, reason: 'wrong-credentials' };
  }
  return { admitted: true, party, stationId, versions, registration, booted: row.boot !== null };
}
