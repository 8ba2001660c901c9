// A whole network in one file: operators, tariffs, sites with rows of like stations, drivers and tokens. For a first start, a demo, a test.
import { createHmac } from 'node:crypto';
import {
  Driver,
  Evse,
  Location,
  mismatch,
  OcppVersion,
  PartyKey,
  Role,
  type StationRegistration,
  Tariff,
  Token,
} from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';

/** `{station}` in an EVSE's uid and eMI3 id stands for the station's id. */
const StationRow = Type.Object({
  /** Station ids are `<prefix>-0001` and on. */
  prefix: Type.String({ pattern: '^[A-Za-z0-9-]+$' }),
  count: Type.Integer({ minimum: 1, maximum: 9999 }),
  vendor: Type.String(),
  model: Type.String(),
  versions: Type.Array(OcppVersion, { minItems: 1 }),
  evses: Type.Array(Evse, { minItems: 1 }),
});

export const NetworkFile = Type.Object({
  party: PartyKey,
  /** Secret from which the passwords of the file's stations derive (`stationPassword`). */
  passwordSecret: Type.String({ minLength: 16 }),
  operators: Type.Array(Type.Object({ username: Type.String(), role: Role, password: Type.String({ minLength: 8 }) })),
  apiKeys: Type.Array(Type.Object({ name: Type.String(), role: Role, key: Type.String({ minLength: 20 }) })),
  tariffs: Type.Array(Type.Omit(Tariff, ['countryCode', 'partyId'])),
  sites: Type.Array(Type.Composite([Type.Omit(Location, ['party']), Type.Object({ stations: Type.Array(StationRow) })])),
  drivers: Type.Array(Type.Omit(Driver, ['party'])),
  tokens: Type.Array(Type.Omit(Token, ['party'])),
});
export type NetworkFile = Static<typeof NetworkFile>;

/** @throws with one line that names the place and the reason. */
export function parseNetworkFile(text: string): NetworkFile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`the network file is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const wrong = mismatch(NetworkFile, value);
  if (wrong !== undefined) throw new Error(`the network file does not fit: ${wrong}`);
  return value as NetworkFile;
}

/** The machine-made password of one of the file's stations: 20 characters that every station firmware accepts. */
export function stationPassword(secret: string, stationId: string): string {
  return createHmac('sha256', secret).update(stationId).digest('hex').slice(0, 20);
}

export function* stationsOf(file: NetworkFile): Generator<StationRegistration> {
  for (const site of file.sites) {
    for (const { prefix, count, evses, ...rest } of site.stations) {
      for (let number = 1; number <= count; number++) {
        const stationId = `${prefix}-${String(number).padStart(4, '0')}`;
        const named = (text: string) => text.replaceAll('{station}', stationId);
        yield {
          ...rest,
          stationId,
          party: file.party,
          locationId: site.locationId,
          password: stationPassword(file.passwordSecret, stationId),
          evses: evses.map((evse) => ({ ...evse, uid: named(evse.uid), ...(evse.emi3Id ? { emi3Id: named(evse.emi3Id) } : {}) })),
        };
      }
    }
  }
}
