// The objects of the module commands in a version. Two of them carry a token, which a version says in its own words.
import { type Static, type TObject, Type } from '@sinclair/typebox';
import type {
  CancelReservation,
  CommandResponse,
  CommandResult,
  ReserveNow,
  StartSession,
  StopSession,
  UnlockConnector,
} from './v230/commands';
import type { WireToken } from './v230/token';
import { type Translated, understood, type VersionObject } from './version';
import { expressed, readWire, strictOf, wireForms } from './wire-schema';

export interface CommandObjects {
  readonly START_SESSION: VersionObject<StartSession>;
  readonly STOP_SESSION: VersionObject<StopSession>;
  readonly RESERVE_NOW: VersionObject<ReserveNow>;
  /** Absent where a reservation cannot be taken back: OCPI 2.1.1. */
  readonly CANCEL_RESERVATION?: VersionObject<CancelReservation>;
  readonly UNLOCK_CONNECTOR: VersionObject<UnlockConnector>;
  readonly response: VersionObject<CommandResponse>;
  readonly result: VersionObject<CommandResult>;
}

/** @param schema of the object in the version, without its token. */
export function withToken<S extends TObject, Canonical extends { token: WireToken }>(
  schema: S,
  token: VersionObject<WireToken>,
  up: (wire: Static<S>) => Omit<Canonical, 'token'>,
  down: (object: Omit<Canonical, 'token'>) => Translated<Static<S>>,
): VersionObject<Canonical> {
  const whole = Type.Object({ ...schema.properties, token: Type.Unknown() });
  const strict = strictOf(whole);
  return {
    forms: wireForms(Type.Object({ ...schema.properties, token: token.forms.received })),
    read(received, around) {
      const read = readWire(whole, received);
      if (!read.ok) return read;
      const { token: sent, ...wire } = read.value;
      const about = token.read(sent, around);
      if (!about.ok) return { ok: false, reason: `token: ${about.reason}` };
      return understood({ ok: true, value: wire as Static<S> }, (rest) => ({ ...up(rest), token: about.value }) as Canonical);
    },
    write({ token: about, ...rest }) {
      const said = down(rest);
      if ('reason' in said) return { ok: false, reason: said.reason };
      const shown = token.write(about);
      if (!shown.ok) return { ok: false, reason: `token: ${shown.reason}` };
      return expressed<unknown>(strict, { ...said.wire, token: shown.wire }, [...said.losses, ...shown.losses]);
    },
    show({ token: about, ...rest }) {
      const said = down(rest);
      if ('reason' in said) throw new RangeError(said.reason);
      return { ...said.wire, token: token.show(about) };
    },
  };
}
