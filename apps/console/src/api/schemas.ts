// Bodies, queries and answers that exist only at this edge; everything else is the contracts' own.
import {
  BudgetTerms,
  CdrQuery,
  ChargingBudget,
  ChosenReadings,
  CommandQuery,
  DeliveryQuery,
  Driver,
  DriverBill,
  DriverBillQuery,
  ExplanationLanguage,
  Instant,
  IssuedToken,
  Location,
  NewBalance,
  Partner,
  PartnerChange as PartnerChangeContract,
  PartnerDelivery,
  PartnerIntroduction,
  PartyKey,
  partnerId,
  QuoteRequest,
  RedeliveryTerms,
  ReratingTerms,
  RetailScope,
  RevocationReason,
  Role,
  SecurityEventQuery,
  SecurityReason,
  SessionDenial,
  SessionQuery,
  SessionRelease,
  StationChange as StationChangeContract,
  StationItemQuery,
  StationQuery,
  StationRegistration,
  Tariff,
  TariffContext,
  TariffSimulationRequest,
  TimelineQuery,
  Token,
  TopUp as TopUpContract,
  UnbilledPurchase,
  UnbilledQuery,
} from '@evenkeel/contracts';
import { type TObject, type TProperties, Type } from '@sinclair/typebox';

const DEFAULT_PAGE = 100;

export const Login = closed({
  username: Type.String({ minLength: 1, maxLength: 100 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
});
export const LoggedIn = Type.Object({ token: Type.String(), expiresAt: Instant, role: Role });

export const Index = Type.Object({ name: Type.String(), links: Type.Record(Type.String(), Type.String()) });

// A registration whose party is not named belongs to the console's own.
const optionalParty = { party: Type.Optional(PartyKey) };
export const NewStation = closed({ ...StationRegistration.properties, ...optionalParty });
export const NewToken = closed({ ...Token.properties, ...optionalParty });
export const NewDriver = closed({ ...Driver.properties, ...optionalParty });
export const NewLocation = closed({ ...Location.properties, ...optionalParty });
const { countryCode: _countryCode, partyId: _partyId, lastUpdated: _lastUpdated, ...tariffTerms } = Tariff.properties;
export const NewTariff = closed({ ...tariffTerms, ...optionalParty });
export const TariffToCheck = closed({ tariff: NewTariff, context: Type.Optional(closed(TariffContext.properties)) });
export const TariffToSimulate = closed({ ...TariffSimulationRequest.properties, tariff: NewTariff });
export const Rerating = closed({ ...ReratingTerms.properties, ...optionalParty });
export const TariffPath = pathOf({ tariffId: Tariff.properties.id });
export const PartyFilter = closed({ party: Type.Optional(PartyKey) });

export const StationChange = Type.Object(StationChangeContract.properties, { additionalProperties: false, minProperties: 1 });

export const NewPartner = closed(PartnerIntroduction.properties);
export const PartnerList = Type.Object({ items: Type.Array(Partner) });

const page = {
  /** Rows of one page. */
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: DEFAULT_PAGE, description: 'Rows of one page' }),
  after: Type.Optional(Type.String({ maxLength: 500, description: 'The `next` of the page before; its form is nobody’s business' })),
};
export const Page = closed(page);
export const PartnerPath = pathOf({ partnerId });
export const PartnerChange = closed(PartnerChangeContract.properties);
/** A partner that is gone for ever says nothing. */
export const Unregistration = closed({
  force: Type.Boolean({ default: false, description: 'Unregister here whatever the partner answers' }),
});
export const DeliveryPath = pathOf({ ...PartnerPath.properties, deliveryId: PartnerDelivery.properties.deliveryId });
export const DeliveryFilter = closed({ ...DeliveryQuery.properties, ...page });
export const Redelivery = closed(RedeliveryTerms.properties);
export const StationFilter = closed({ ...StationQuery.properties, ...page });
/** A card is asked for by its number, or by the key that sessions show. */
const tokenUid = Type.String({ minLength: 1, maxLength: 36, description: 'Number of the card, in any case of letters' });
export const SessionFilter = closed({ ...SessionQuery.properties, tokenUid: Type.Optional(tokenUid), ...page });
export const CdrFilter = closed({ ...CdrQuery.properties, ...page });

const { party: _party, stationId: _quoted, startsAt, ...plan } = QuoteRequest.properties;
/** Now, where it is not said when. */
export const Plan = closed({ ...plan, startsAt: Type.Optional(startsAt) });
export const StationPath = pathOf({ stationId: Type.String({ minLength: 1, maxLength: 48 }) });
export const CallPath = pathOf({
  ...StationPath.properties,
  action: Type.String({ pattern: '^[A-Za-z0-9]{1,50}$', description: "An action of the station's own OCPP version, e.g. GetVariables" }),
});
/** A token by the key that lists show: its number has no place in an address, which proxies log. */
const { party, type, key } = IssuedToken.properties;
export const TokenPath = pathOf({ party, type, key });
export const Balance = closed(NewBalance.properties);
export const TopUp = closed(TopUpContract.properties);
export const DriverPath = pathOf({ driverId: Driver.properties.driverId });
export const BudgetPath = pathOf({ budgetId: ChargingBudget.properties.budgetId });
export const Budget = closed({ ...BudgetTerms.properties, ...optionalParty });
export const SessionPath = pathOf({ sessionId: Type.String({ minLength: 1, maxLength: 64 }) });
export const TimelineFilter = closed({
  ...TimelineQuery.properties,
  after: page.after,
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Rows of one page, of which long ones may hold fewer' })),
});
export const Release = closed({ reason: SessionRelease.properties.reason, readings: Type.Optional(closed(ChosenReadings.properties)) });
export const Denial = closed(SessionDenial.properties);
export const SessionDecided = Type.Object({ sessionId: Type.String() });
export const ExplanationWords = Type.Object({ language: Type.Optional(ExplanationLanguage) });
export const RetailScopePath = pathOf({ scope: RetailScope });
export const DriverBillFilter = closed({ ...DriverBillQuery.properties, ...page });
export const DriverBillPath = pathOf({ billId: DriverBill.properties.billId });
export const UnbilledFilter = closed({ ...UnbilledQuery.properties, ...page });
export const PurchasePath = pathOf({ purchaseId: UnbilledPurchase.properties.purchaseId });
export const CdrPath = pathOf({ cdrId: Type.String({ minLength: 1, maxLength: 64 }) });

export const Pdf = Type.Unsafe<Uint8Array>({ type: 'string', contentMediaType: 'application/pdf' });

/** The gateway holds the payload against the schema of the action in the version that the station speaks. */
export const RawPayload = Type.Record(Type.String(), Type.Unknown(), { description: 'Payload of the OCPP CALL' });
export const StationAnswer = Type.Object({
  outcome: Type.Literal('answered'),
  payload: Type.Unknown({ description: 'Payload of the OCPP CALLRESULT, in the spelling of the station’s version' }),
  commandId: Type.String({ description: 'Under which the command, and what became of it, is found' }),
});
export const WithReason = closed({ reason: SecurityReason });
export const SecurityEventFilter = closed({ ...SecurityEventQuery.properties, ...page });
export const CertificatePath = pathOf({
  ...StationPath.properties,
  fingerprint: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the certificate' }),
});
export const Revocation = closed({ reason: RevocationReason });
export const TraceFilter = closed({
  frames: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'The newest so many' }),
});
export const CommandPath = pathOf({ commandId: Type.String({ minLength: 1, maxLength: 64 }) });
export const CommandFilter = closed({ ...CommandQuery.properties, ...page });
export const ItemsPath = pathOf({ ...StationPath.properties, kind: Type.String({ pattern: '^[a-z-]{1,40}$', description: itemKinds() }) });
const { stationId: _stationId, kind: _kind, ...itemQuery } = StationItemQuery.properties;
export const ItemFilter = closed({ ...itemQuery, ...page });

function itemKinds(): string {
  return 'What is known of a station, e.g. variable, monitor, event, reservation, charging-profile, firmware-job, log-job, certificate, tariff';
}

/** A misspelt name is refused instead of ignored. */
export function closed<P extends TProperties>(properties: P) {
  return Type.Object(properties, { additionalProperties: false });
}

export function pathOf<P extends TProperties>(properties: P): TObject<P> {
  return Type.Object(properties);
}
