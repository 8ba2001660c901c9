// The registry's settings.
import { PartyKey } from '@evenkeel/contracts';
import { commonSettings, databaseSettings, eventStoreSettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

export const RegistrySettings = Type.Object({
  ...commonSettings,
  ...eventStoreSettings,
  ...databaseSettings,
  /** The operator's own party; tokens of other parties are roaming partners'. */
  PARTY: PartyKey,
  /** Key of the hashes under which station passwords are kept; at least 32 bytes, hexadecimal. */
  STATION_KEY_SECRET: Type.String({ pattern: '^([0-9a-f]{2}){32,}$' }),
  /** A network file to import before serving; what it holds already is left alone. */
  NETWORK_FILE: Type.Optional(Type.String()),
});
export type RegistrySettings = Static<typeof RegistrySettings>;
