// Commands (OCPI 2.2.1 mod_commands): as in 2.3.0, about a token of this version.
import { Type } from '@sinclair/typebox';
import { type CommandObjects, withToken } from '../command-objects';
import {
  CancelReservation,
  CommandResponse,
  CommandResult,
  ReserveNow,
  StartSession,
  StopSession,
  UnlockConnector,
} from '../v230/commands';
import { unchanged } from '../version';
import { token } from './token';

const { token: _1, ...start } = StartSession.properties;
const { token: _2, ...reserve } = ReserveNow.properties;

const same = <T>(wire: T) => wire;
const whole = <T>(wire: T) => ({ wire, losses: [] });

export const commands: CommandObjects = {
  START_SESSION: withToken(Type.Object(start), token, same, whole),
  STOP_SESSION: unchanged(StopSession),
  RESERVE_NOW: withToken(Type.Object(reserve), token, same, whole),
  CANCEL_RESERVATION: unchanged(CancelReservation),
  UNLOCK_CONNECTOR: unchanged(UnlockConnector),
  response: unchanged(CommandResponse),
  result: unchanged(CommandResult),
};
