// Takes the commands of an eMSP: what cannot be meant or is not the eMSP's to command is refused at once, everything else is stored before it is
// answered, and carried out after.
// Next: apps/ocpi-bridge/src/commands/partner-command.ts
import { type IssuedToken, idOf, type PartyKey, partyKey } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import {
  type CancelReservation,
  COMMAND_TIMEOUT_SECONDS,
  type CommandName,
  type CommandResponse,
  fingerprintOf,
  instantOf,
  OcpiProblem,
  type OcpiVersion,
  type ReserveNow,
  readDateTime,
  type StartSession,
  type StopSession,
  statusCodes,
  type UnlockConnector,
  type VersionObject,
  type WireToken,
} from '@evenkeel/ocpi';
import type { Bearers } from '../bearer/bearers';
import type { UrlGuard } from '../client/url-guard';
import { bodyOf, onlyParty, speaksFor } from '../http/ownership';
import { hubOf, type Registration } from '../partner/partner';
import { type Caller, isRegistered } from '../partner/partner-view';
import { isReadable, type ReceivedTokens } from '../received/received-tokens';
import type { CommandPlaces } from './command-place';
import { type Order, partnerCommand, partnerCommandCodec, partnerCommandStream } from './partner-command';
import { newReservationNumber, reservation, reservationCodec, reservationStream } from './partner-reservation';
import type { PartnerSessions } from './partner-sessions';
import { checkResponseUrl } from './response-address';

/** One request of a partner. */
export interface CommandRequest {
  readonly caller: Caller;
  readonly version: OcpiVersion;
  readonly command: CommandName;
  readonly body: unknown;
  /** X-Request-ID: a request that is sent again has the same one. */
  readonly requestId: string;
}

/** Who commands: the eMSP that the request is from, or all of the platform. */
type Emsps = readonly [PartyKey, ...PartyKey[]];
type Decided = { ok: true; order: Order } | { ok: false; result: string; reason: string };
const rejected = (reason: string): Decided => ({ ok: false, result: 'REJECTED', reason });

export interface CommandDeskParts {
  readonly store: EventStore;
  readonly guard: UrlGuard;
  readonly bearers: Pick<Bearers, 'hidden' | 'issuedOf'>;
  readonly tokens: Pick<ReceivedTokens, 'keep'>;
  readonly places: Pick<CommandPlaces, 'find'>;
  readonly sessions: Pick<PartnerSessions, 'find'>;
}

export class CommandDesk {
  private readonly commands;
  private readonly reservations;

  constructor(private readonly parts: CommandDeskParts) {
    const { store } = parts;
    this.commands = new StreamHandler({ store, decider: partnerCommand, codec: partnerCommandCodec, cachedStates: 0 });
    this.reservations = new StreamHandler({ store, decider: reservation, codec: reservationCodec, cachedStates: 0 });
  }

  /** @throws OcpiProblem for what is wrong with the request itself. */
  async take({ caller, version, command, body, requestId }: CommandRequest): Promise<CommandResponse> {
    const object: VersionObject<{ response_url: string }> | undefined = version.commands[command];
    if (!object) return { result: 'NOT_SUPPORTED', timeout: COMMAND_TIMEOUT_SECONDS };
    const { partner } = caller;
    if (!isRegistered(partner)) throw OcpiProblem.unauthorized();
    const wanted = bodyOf(object.read(body, { owner: onlyParty(caller) }));
    const responseUrl = wanted.response_url;
    checkResponseUrl(this.parts.guard, responseUrl, partner.registration);
    const stream = partnerCommandStream(partner.partnerId, requestId, fingerprintOf(body));
    const emsps = emspsOf(caller, partner.registration);
    const decided = await this.orderOf(command, wanted, emsps);
    if (!decided.ok) return responseOf(decided.result, decided.reason);
    const { order } = decided;
    const given = { issuer: 'token' in order ? order.token.party : emsps[0], order, responseUrl, at: new Date().toISOString() };
    await this.commands.handle(stream, { kind: 'accept', ...given }, { cause: idOf('accept', stream) });
    return responseOf('ACCEPTED');
  }

  private orderOf(command: CommandName, wanted: object, emsps: Emsps): Promise<Decided> {
    switch (command) {
      case 'START_SESSION':
        return this.start(wanted as StartSession, emsps);
      case 'STOP_SESSION':
        return this.stop(wanted as StopSession, emsps);
      case 'RESERVE_NOW':
        return this.reserve(wanted as ReserveNow, emsps);
      case 'CANCEL_RESERVATION':
        return this.cancel(wanted as CancelReservation, emsps);
      case 'UNLOCK_CONNECTOR':
        return this.unlock(wanted as UnlockConnector);
    }
  }

  private async start({ token, location_id, evse_uid, connector_id, ...rest }: StartSession, emsps: Emsps): Promise<Decided> {
    const place = await this.parts.places.find(location_id, evse_uid, connector_id);
    if (!place.ok) return rejected(place.reason);
    const issued = await this.kept(token, emsps);
    return { ok: true, order: { command: 'START_SESSION', token: issued, ...stationOf(place), ...referenceOf(rest) } };
  }

  /** A session is its payer's: nobody else learns that there is one (OCPI mod_commands, STOP_SESSION). */
  private async stop({ session_id }: StopSession, emsps: Emsps): Promise<Decided> {
    const session = await this.parts.sessions.find(session_id, emsps);
    if (!session) return { ok: false, result: 'UNKNOWN_SESSION', reason: `there is no session ${session_id}` };
    if (session.status !== 'active') return rejected('the session is over');
    const { stationId, transactionId } = session;
    return { ok: true, order: { command: 'STOP_SESSION', stationId, transactionId } };
  }

  private async reserve(wanted: ReserveNow, emsps: Emsps): Promise<Decided> {
    const at = new Date().toISOString();
    if (readDateTime(wanted.expiry_date) === undefined) throw OcpiProblem.invalid('expiry_date is not a DateTime');
    const expiresAt = instantOf(wanted.expiry_date);
    if (expiresAt <= at) return rejected('the reservation has expired already');
    const place = await this.parts.places.find(wanted.location_id, wanted.evse_uid, undefined);
    if (!place.ok) return rejected(place.reason);
    const token = await this.kept(wanted.token, emsps);
    const { reservation_id } = wanted;
    const stream = reservationStream(token.party, reservation_id);
    const fresh = { issuer: token.party, reservation: reservation_id, number: newReservationNumber() };
    const step = { kind: 'keep' as const, ...fresh, stationId: place.stationId, expiresAt, at };
    const { accepted, state } = await this.reservations.handle(stream, step, { cause: `${stream}@${at}` });
    if (!accepted || !state.kept) return rejected(`reservation ${reservation_id} is at another charger: cancel it first`);
    const { number } = state.kept;
    const order = { command: 'RESERVE_NOW' as const, token, reservation: stream, number, expiresAt };
    return { ok: true, order: { ...order, ...stationOf(place), ...referenceOf(wanted) } };
  }

  private async cancel({ reservation_id }: CancelReservation, emsps: Emsps): Promise<Decided> {
    for (const party of emsps) {
      const stream = reservationStream(party, reservation_id);
      const { kept } = (await this.reservations.load(stream)).state;
      if (!kept) continue;
      const { stationId, number } = kept;
      return { ok: true, order: { command: 'CANCEL_RESERVATION', stationId, reservation: stream, number } };
    }
    return rejected(`there is no reservation ${reservation_id}`);
  }

  private async unlock({ location_id, evse_uid, connector_id }: UnlockConnector): Promise<Decided> {
    const place = await this.parts.places.find(location_id, evse_uid, connector_id);
    if (!place.ok) return rejected(place.reason);
    const { stationId, evseId, connectorId } = place;
    if (evseId === undefined || connectorId === undefined) return rejected('an unlock is of one connector');
    return { ok: true, order: { command: 'UNLOCK_CONNECTOR', stationId, evseId, connectorId } };
  }

  /**
   * The registry must know whom a session is of; whether the token may charge is not asked (OCPI mod_commands, START_SESSION).
   * @throws OcpiProblem 2001 for a token of another eMSP than the calling ones.
   */
  private async kept(token: WireToken, emsps: Emsps): Promise<IssuedToken> {
    const party = partyKey(token.country_code, token.party_id);
    if (!emsps.includes(party)) throw OcpiProblem.invalid(`the token is of ${party}, which the command is not from`);
    if (!isReadable(token)) throw OcpiProblem.invalid('a field of the token is not as OCPI has it');
    await this.parts.tokens.keep([token]);
    return this.parts.bearers.issuedOf(this.parts.bearers.hidden(token));
  }
}

function responseOf(result: string, reason?: string): CommandResponse {
  const message = reason === undefined ? {} : { message: [{ language: 'en', text: reason.slice(0, 512) }] };
  return { result, timeout: COMMAND_TIMEOUT_SECONDS, ...message };
}

function stationOf({ stationId, evseId }: { stationId: string; evseId?: number }) {
  return { stationId, ...(evseId === undefined ? {} : { evseId }) };
}

function referenceOf({ authorization_reference: authorizationReference }: { authorization_reference?: string }) {
  return authorizationReference === undefined ? {} : { authorizationReference };
}

/** @throws OcpiProblem 404 for a platform without an eMSP, 2002 where a hub does not say which one of many commands. */
function emspsOf(caller: Caller, registration: Registration): Emsps {
  const [first, ...others] = speaksFor(caller, 'EMSP');
  if (first === undefined) throw OcpiProblem.missing('the calling platform has no eMSP');
  if (others.length > 0 && hubOf(registration) !== undefined)
    throw OcpiProblem.invalid('the hub does not say whose command it is', statusCodes.notEnoughInformation);
  return [first, ...others];
}
