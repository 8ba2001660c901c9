// OCPP-J without I/O: identity, credentials, version choice, frames, payloads, error codes, the order of outgoing calls, timestamps.
export { type BasicCredentials, type PasswordEncoding, passwordCandidates, readBasicCredentials } from './basic-auth';
export { ERROR_CODES, type ErrorCode, readErrorCode, spellErrorCode } from './error-codes';
export { ExpectedMessages, isWantedAfter } from './expected-messages';
export {
  type CallFrame,
  type CallResultFrame,
  callErrorText,
  callResultErrorText,
  callResultText,
  callText,
  type ErrorFrame,
  type Frame,
  type IgnoredFrame,
  isJsonObject,
  type JsonObject,
  type MalformedFrame,
  parseFrame,
  type SendFrame,
  STRICT_ID_LENGTH,
  sendText,
  TOLERATED_ID_LENGTH,
} from './frame';
export {
  DEFAULT_IDENTITY_LENGTH,
  foldIdentity,
  type IdentityRefusal,
  identityFitsVersion,
  isIdentityRefusal,
  readIdentity,
  type StationIdentity,
} from './identity';
export {
  type Action,
  type CsmsAction,
  csmsActions,
  isCsmsAction,
  isStationAction,
  type Request,
  type Requests,
  type Response,
  type Responses,
  refusedActionCode,
  type StationAction,
  stationActions,
} from './messages';
export { type Answered, type OutgoingCall, OutgoingCalls, type Overdue, URGENCIES, type Urgency } from './outgoing-calls';
export { quirkProfileOf } from './quirks/profiles';
export { mendPayload, mendText, type Quirk, type QuirkProfile, type StationMake } from './quirks/quirk-profile';
export { type Reading, readAnswer, readRequest, readResponse, type StationRequest, type Strictness } from './read-payload';
export { type JsonSchema, MessageSchema, requestSchema, responseSchema, type Violation } from './schema';
export { MASK, withoutSecrets } from './secrets';
export { printTimestamp, type ReadTimestamp, readTimestamp } from './timestamp';
export type { Deviation, DeviationCode } from './tolerance';
export { KEYS_COMPONENT, keyOfVariable, type VariableName, variableOfKey } from './translation/configuration-keys';
export { type MeantCall, meaningOf, type SaidCall, sayIn } from './translation/neutral-calls';
export { Untranslatable } from './translation/untranslatable';
export { chooseVersion, OCPP_VERSIONS, type OcppVersion, offeredSubprotocols, SUBPROTOCOLS } from './version';
