// The registry's settings.
import { PartyKey } from '@evenkeel/contracts';
import { commonSettings, databaseSettings, eventStoreSettings, identitySettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

export const RegistrySettings = Type.Object({
  ...commonSettings,
  ...eventStoreSettings,
  ...databaseSettings,
  ...identitySettings,
  /** The operator's own party; tokens of other parties are roaming partners'. */
  PARTY: PartyKey,
  /** Key of the hashes under which station passwords are kept; at least 32 bytes, hexadecimal. */
  STATION_KEY_SECRET: Type.String({ pattern: '^([0-9a-f]{2}){32,}$' }),
  /** Wraps the keys of persons; 32 bytes, hexadecimal. With it lost, nobody who is registered can be read any more. */
  IDENTITY_MASTER_KEY: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  /** A network file to import before serving; what it holds already is left alone. */
  NETWORK_FILE: Type.Optional(Type.String()),
});
export type RegistrySettings = Static<typeof RegistrySettings>;
