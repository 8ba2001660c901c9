// Which network profiles a station must not be given: one in the slot that it is connected with, and one with a lower security profile than
// its own, because either may leave it where nobody reaches it (OCPP 2.0.1 B09, A05). Pure, in the words of OCPP 2.1.
import type { StationAbilities } from './wanted-call';

/** @returns why the call must not be made; undefined for every other call. */
export function networkProfileRefusal(
  action: string,
  request: object,
  { networkSlot, securityProfile }: Pick<StationAbilities, 'networkSlot' | 'securityProfile'>,
): string | undefined {
  if (action !== 'SetNetworkProfile') return undefined;
  const { configurationSlot, connectionData } = request as {
    readonly configurationSlot?: number;
    readonly connectionData?: { readonly securityProfile?: number };
  };
  if (networkSlot !== undefined && configurationSlot === networkSlot) return `slot ${networkSlot} is the one in use`;
  const wanted = connectionData?.securityProfile;
  return wanted !== undefined && wanted < securityProfile ? `the station is on security profile ${securityProfile}` : undefined;
}
