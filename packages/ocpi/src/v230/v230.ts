// OCPI 2.3.0, the newest version: it is the canonical form itself.
import { profileObjects } from '../profile-objects';
import { type OcpiVersion, unchanged } from '../version';
import { WireCdr } from './cdr';
import { ClientInfo } from './client-info';
import { CancelReservation, CommandResponse, CommandResult, ReserveNow, StartSession, StopSession, UnlockConnector } from './commands';
import { Credentials } from './credentials';
import { WireConnector, WireEvse, WireLocation } from './location';
import { paymentObjects } from './payments';
import { WireSession } from './session';
import { WireTariff } from './tariff';
import { AuthorizationInfo, LocationReferences, WireToken } from './token';

export const v230: OcpiVersion = {
  number: '2.3.0',
  credentials: unchanged(Credentials),
  location: unchanged(WireLocation),
  evse: unchanged(WireEvse),
  connector: unchanged(WireConnector),
  tariff: unchanged(WireTariff),
  session: unchanged(WireSession),
  cdr: unchanged(WireCdr),
  token: unchanged(WireToken),
  authorization: unchanged(AuthorizationInfo),
  places: unchanged(LocationReferences),
  clientInfo: unchanged(ClientInfo),
  commands: {
    START_SESSION: unchanged(StartSession),
    STOP_SESSION: unchanged(StopSession),
    RESERVE_NOW: unchanged(ReserveNow),
    CANCEL_RESERVATION: unchanged(CancelReservation),
    UNLOCK_CONNECTOR: unchanged(UnlockConnector),
    response: unchanged(CommandResponse),
    result: unchanged(CommandResult),
  },
  profiles: profileObjects,
  payments: paymentObjects,
};
