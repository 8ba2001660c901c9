// Which make a station is, by its own words, and with that which quirks of it are known.
import { isJsonObject, type JsonObject, type OcppVersion, type QuirkProfile, quirkProfileOf, type StationMake } from '@evenkeel/ocpp';

/** @param payload of its BootNotification, which need not be valid. */
export function makeInBoot(version: OcppVersion, payload: JsonObject): StationMake {
  if (version === '1.6') {
    const { chargePointVendor, chargePointModel, firmwareVersion } = payload;
    return makeOf(chargePointVendor, chargePointModel, firmwareVersion);
  }
  const { vendorName, model, firmwareVersion } = isJsonObject(payload.chargingStation) ? payload.chargingStation : {};
  return makeOf(vendorName, model, firmwareVersion);
}

/** Remembers the profiles of stations that have one: a station that comes back does not say again what it is. */
export class KnownMakes {
  private readonly profiles = new Map<string, QuirkProfile>();

  of(stationKey: string): QuirkProfile | undefined {
    return this.profiles.get(stationKey);
  }

  learn(stationKey: string, version: OcppVersion, make: StationMake | undefined): QuirkProfile | undefined {
    if (make === undefined) return this.of(stationKey);
    const profile = quirkProfileOf(version, make);
    if (profile) this.profiles.set(stationKey, profile);
    else this.profiles.delete(stationKey);
    return profile;
  }
}

function makeOf(vendor: unknown, model: unknown, firmwareVersion: unknown): StationMake {
  return { vendor: textOf(vendor), model: textOf(model), firmwareVersion: textOf(firmwareVersion) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
