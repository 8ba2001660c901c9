// What a version of OCPI is to us: for each object, how it is read into the canonical form (the newest version's) and how that is written in
// its own words. What cannot be said in a version is not said, and what is lost in it is named.
import type { PartyKey } from '@evenkeel/contracts';
import type { Static, TSchema } from '@sinclair/typebox';
import type { CommandObjects } from './command-objects';
import type { ProfileObjects } from './profile-objects';
import type { WireCdr } from './v230/cdr';
import type { ClientInfo } from './v230/client-info';
import type { Credentials } from './v230/credentials';
import type { WireConnector, WireEvse, WireLocation } from './v230/location';
import type { PaymentObjects } from './v230/payments';
import type { CdrToken, WireSession } from './v230/session';
import type { WireTariff } from './v230/tariff';
import type { AuthorizationInfo, LocationReferences, WireToken } from './v230/token';
import { type Expressed, expressed, type Read, readWire, type WireForms, wireForms } from './wire-schema';

export const versionNumbers = ['2.3.0', '2.2.1', '2.1.1'] as const;
/** The newest first: the one that two platforms choose. */
export type VersionNumber = (typeof versionNumbers)[number];

/** What an object does not say of itself in a version that leaves it out: 2.1.1 names no owner, and a token by its contract only. */
export interface Surroundings {
  readonly owner: PartyKey;
  /** The token that the object is about, where it is named by its contract. */
  readonly token?: CdrToken;
}

/** The contract that a session or CDR which is not read yet names its token by: in 2.1.1, and where a CdrToken says no owner. */
export function contractOf(received: unknown): string | undefined {
  const { auth_id, cdr_token } = (received ?? {}) as { auth_id?: unknown; cdr_token?: Partial<CdrToken> | null };
  const contract = auth_id ?? (cdr_token?.party_id ? undefined : cdr_token?.contract_id);
  return typeof contract === 'string' ? contract : undefined;
}

/** What an object must say beside itself in a version that wants it: in 2.1.1 a session and a CDR hold their whole location. */
export interface Background {
  readonly location?: WireLocation;
}

export interface VersionObject<Canonical> {
  /** Of the object in the words of the version. */
  readonly forms: WireForms;
  /** What a partner sent. Unknown fields stay. */
  read(received: unknown, surroundings: Surroundings): Read<Canonical>;
  /** Of ours: a partner's strict validator must find nothing. */
  write(object: Canonical, background?: Background): Expressed<unknown>;
  /** A partner's own object, for the partner: with the fields that we do not know. */
  show(object: Canonical, background?: Background): unknown;
}

export interface OcpiVersion {
  readonly number: VersionNumber;
  readonly credentials: VersionObject<Credentials>;
  readonly location: VersionObject<WireLocation>;
  readonly evse: VersionObject<WireEvse>;
  readonly connector: VersionObject<WireConnector>;
  readonly tariff: VersionObject<WireTariff>;
  readonly session: VersionObject<WireSession>;
  readonly cdr: VersionObject<WireCdr>;
  readonly token: VersionObject<WireToken>;
  readonly authorization: VersionObject<AuthorizationInfo>;
  readonly places: VersionObject<LocationReferences>;
  /** Absent where no hub says who is behind it: OCPI 2.1.1. */
  readonly clientInfo?: VersionObject<ClientInfo>;
  readonly commands: CommandObjects;
  /** Absent in OCPI 2.1.1. */
  readonly profiles?: ProfileObjects;
  /** Of the extension of OCPI 2.3.0. */
  readonly payments?: PaymentObjects;
}

/** An object that a version says just as the canonical form does. */
export function unchanged<S extends TSchema>(schema: S): VersionObject<Static<S>> {
  const forms = wireForms(schema);
  return {
    forms,
    read: (received) => readWire(schema, received),
    write: (object) => expressed(forms.said, object, []),
    show: (object) => object,
  };
}

/** In the words of the version, and what they could not hold. */
export type Translated<Wire> = { wire: Wire; losses: string[] } | { reason: string };

/** An object that a version says in words of its own. */
export function translated<S extends TSchema, Canonical>(
  schema: S,
  up: (wire: Static<S>, surroundings: Surroundings) => Canonical,
  down: (object: Canonical, background: Background) => Translated<Static<S>>,
): VersionObject<Canonical> {
  const forms = wireForms(schema);
  return {
    forms,
    read: (received, surroundings) => understood(readWire(schema, received), (wire) => up(wire, surroundings)),
    write(object, background = {}) {
      const said = down(object, background);
      return 'reason' in said ? { ok: false, reason: said.reason } : expressed<unknown>(forms.said, said.wire, said.losses);
    },
    show(object, background = {}) {
      const said = down(object, background);
      if ('reason' in said) throw new RangeError(said.reason);
      return said.wire;
    },
  };
}

/** Ours in the canonical form, then in the words of a version: the losses of both. */
export function written<Canonical>(
  object: VersionObject<Canonical>,
  canonical: Expressed<Canonical>,
  background?: Background,
): Expressed<unknown> {
  if (!canonical.ok) return canonical;
  const said = object.write(canonical.wire, background);
  return said.ok ? { ...said, losses: [...canonical.losses, ...said.losses] } : said;
}

/** A value that fits its schema may still say what nobody knows: a 31 February, a dimension of its own. */
export function understood<Wire, Value>(read: Read<Wire>, convert: (wire: Wire) => Value): Read<Value> {
  if (!read.ok) return read;
  try {
    return { ok: true, value: convert(read.value) };
  } catch (error) {
    if (error instanceof RangeError) return { ok: false, reason: error.message };
    throw error;
  }
}
