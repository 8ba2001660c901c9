// What operators ask of the registry, through the console: stations, their commands and certificates, budgets, tokens, drivers, locations, tariffs.
import { Type } from '@sinclair/typebox';
import * as authorization from './authorization';
import { RevocationReason, StationCertificates } from './certificates';
import { ChargingBudget, ChargingBudgetList, ChargingBudgetRemoval, ChargingBudgetState } from './charging-budget';
import { registryRequest, write } from './flow-declarations';
import { PartyKey } from './party';
import * as registry from './registry';
import { SecurityEventPage, SecurityEventQuery } from './security';
import { CommandPage, CommandQuery, StationCommand, StationItemPage, StationItemQuery } from './station-calls';
import { Tariff } from './tariff';
import { TariffCheck, TariffContext } from './tariff-care';
import { PageRequest } from './values';

const stationId = Type.String({ minLength: 1, maxLength: 48 });
const none = Type.Object({});

export const operatorRequests = {
  authenticateOperator: registryRequest(
    'authenticate-operator',
    ['console'],
    Type.Union([Type.Object({ username: Type.String(), password: Type.String() }), Type.Object({ apiKey: Type.String() })]),
    registry.Operator,
  ),
  registerStation: registryRequest('register-station', ['console'], write({ station: registry.StationRegistration }), registry.Station),
  changeStation: registryRequest('change-station', ['console'], write({ stationId, change: registry.StationChange }), registry.Station),
  /** From profile 3 to 2, which is the only way down (OCPP 2.1 AllowSecurityProfileDowngrade). */
  lowerSecurityProfile: registryRequest(
    'lower-security-profile',
    ['console'],
    write({ stationId, reason: registry.SecurityReason }),
    registry.Station,
  ),
  getStation: registryRequest('get-station', ['console'], Type.Object({ stationId }), registry.Station),
  listStations: registryRequest('list-stations', ['console'], registry.StationQuery, registry.StationPage),
  /** An action of the station's own version, payload and all; answered when the station has answered. */
  callStationRaw: registryRequest(
    'call-station-raw',
    ['console'],
    write({ stationId, action: Type.String({ maxLength: 50 }), payload: Type.Record(Type.String(), Type.Unknown()) }),
    StationCommand,
    40_000,
  ),
  /** Answered when the station has answered; the effect may be seen later (`getCommand`). */
  operateStation: registryRequest(
    'operate-station',
    ['console', 'ocpi-bridge'],
    Type.Object({
      actor: Type.Optional(registry.Actor),
      stationId,
      operation: Type.String(),
      parameters: Type.Record(Type.String(), Type.Unknown()),
      /** The same cause is the same command, carried out once; absent: a new one. */
      cause: Type.Optional(Type.String({ maxLength: 64 })),
      authorization: Type.Optional(authorization.CommandAuthorization),
    }),
    StationCommand,
    40_000,
  ),
  getCommand: registryRequest('get-command', ['console', 'ocpi-bridge'], Type.Object({ commandId: Type.String() }), StationCommand),
  listCommands: registryRequest('list-commands', ['console'], CommandQuery, CommandPage),
  listStationItems: registryRequest('list-station-items', ['console'], StationItemQuery, StationItemPage),
  listSecurityEvents: registryRequest('list-security-events', ['console'], SecurityEventQuery, SecurityEventPage),
  stationCertificates: registryRequest('station-certificates', ['console'], Type.Object({ stationId }), StationCertificates),
  revokeCertificate: registryRequest(
    'revoke-certificate',
    ['console'],
    write({ stationId, fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$' }), reason: RevocationReason }),
    StationCertificates,
  ),
  setChargingBudget: registryRequest('set-charging-budget', ['console'], write({ budget: ChargingBudget }), ChargingBudget),
  removeChargingBudget: registryRequest(
    'remove-charging-budget',
    ['console'],
    write({ budgetId: ChargingBudget.properties.budgetId }),
    ChargingBudgetRemoval,
    40_000,
  ),
  getChargingBudget: registryRequest(
    'get-charging-budget',
    ['console'],
    Type.Object({ budgetId: ChargingBudget.properties.budgetId }),
    ChargingBudgetState,
  ),
  listChargingBudgets: registryRequest('list-charging-budgets', ['console'], none, ChargingBudgetList),
  registerToken: registryRequest('register-token', ['console'], write({ token: registry.Token }), registry.KnownToken),
  tokenAccount: registryRequest('token-account', ['console'], Type.Object({ token: registry.IssuedToken }), authorization.TokenAccount),
  setTokenBalance: registryRequest(
    'set-token-balance',
    ['console'],
    write({ token: registry.IssuedToken, balance: authorization.NewBalance }),
    authorization.TokenAccount,
  ),
  topUpToken: registryRequest(
    'top-up-token',
    ['console'],
    write({ token: registry.IssuedToken, topUp: authorization.TopUp }),
    authorization.TokenAccount,
  ),
  listTokens: registryRequest('list-tokens', ['console'], Type.Object(PageRequest), registry.TokenPage),
  registerDriver: registryRequest('register-driver', ['console'], write({ driver: registry.Driver }), registry.Driver),
  /** Asked again, it erases what a failure has left. */
  eraseDriver: registryRequest(
    'erase-driver',
    ['console'],
    write({ party: PartyKey, driverId: registry.Driver.properties.driverId }),
    registry.DriverErasure,
    20_000,
  ),
  /** Also of a partner's token, whose driver is the partner's. */
  eraseToken: registryRequest('erase-token', ['console'], write({ token: registry.IssuedToken }), registry.TokenErasure, 20_000),
  listDrivers: registryRequest('list-drivers', ['console'], Type.Object(PageRequest), registry.DriverPage),
  registerLocation: registryRequest('register-location', ['console'], write({ location: registry.Location }), registry.Location),
  listLocations: registryRequest('list-locations', ['console'], Type.Object(PageRequest), registry.LocationPage),
  registerTariff: registryRequest('register-tariff', ['console'], write({ tariff: Tariff }), Tariff),
  /** Of a tariff that need not be registered. */
  checkTariff: registryRequest(
    'check-tariff',
    ['console'],
    Type.Object({ tariff: Tariff, context: Type.Optional(TariffContext) }),
    TariffCheck,
  ),
  /** Of a registered tariff, as it is in force, where it is used. */
  tariffFindings: registryRequest(
    'tariff-findings',
    ['console'],
    Type.Object({ party: PartyKey, tariffId: Tariff.properties.id }),
    TariffCheck,
  ),
  listTariffs: registryRequest('list-tariffs', ['console'], Type.Object(PageRequest), registry.TariffPage),
};
