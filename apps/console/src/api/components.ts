// The schemas that have a name in the OpenAPI document. Everywhere else a reference stands for them.
import * as contracts from '@evenkeel/contracts';
import type { TSchema } from '@sinclair/typebox';
import { ProblemDetails } from '../problem/problems';
import * as edge from './schemas';

const named: Readonly<Record<string, TSchema>> = {
  Problem: ProblemDetails,
  Login: edge.Login,
  LoggedIn: edge.LoggedIn,
  Role: contracts.Role,
  PartyKey: contracts.PartyKey,
  Instant: contracts.Instant,
  Decimal: contracts.DecimalText,
  NewStation: edge.NewStation,
  StationChange: edge.StationChange,
  Station: contracts.Station,
  StationPage: contracts.StationPage,
  Evse: contracts.Evse,
  Connector: contracts.Connector,
  ConnectorState: contracts.ConnectorState,
  StationCommand: contracts.StationCommand,
  CommandCall: contracts.CommandCall,
  CommandStatus: contracts.CommandStatus,
  CommandPage: contracts.CommandPage,
  StationItem: contracts.StationItem,
  StationItemPage: contracts.StationItemPage,
  RawPayload: edge.RawPayload,
  StationAnswer: edge.StationAnswer,
  NewLocation: edge.NewLocation,
  Location: contracts.Location,
  LocationPage: contracts.LocationPage,
  NewTariff: edge.NewTariff,
  Tariff: contracts.Tariff,
  TariffPage: contracts.TariffPage,
  TariffToCheck: edge.TariffToCheck,
  TariffContext: contracts.TariffContext,
  TariffFinding: contracts.TariffFinding,
  TariffCheck: contracts.TariffCheck,
  TariffSimulation: contracts.TariffSimulation,
  PriceComponent: contracts.PriceComponent,
  TariffRestrictions: contracts.TariffRestrictions,
  NewDriver: edge.NewDriver,
  Driver: contracts.Driver,
  DriverPage: contracts.DriverPage,
  DriverErasure: contracts.DriverErasure,
  NewToken: edge.NewToken,
  Token: contracts.KnownToken,
  PresentedToken: contracts.PresentedToken,
  TokenPage: contracts.TokenPage,
  TokenErasure: contracts.TokenErasure,
  TokenAccount: contracts.TokenAccount,
  TransactionLimits: contracts.TransactionLimits,
  StationCost: contracts.StationCost,
  TokenReference: contracts.TokenReference,
  SessionSummary: contracts.SessionSummary,
  SessionPage: contracts.SessionPage,
  Session: contracts.SessionView,
  SessionSnapshot: contracts.SessionSnapshot,
  SessionTimeline: contracts.SessionTimeline,
  TimelineEntry: contracts.TimelineEntry,
  TimelineState: contracts.TimelineState,
  SessionAt: contracts.SessionAt,
  ChargingPeriod: contracts.ChargingPeriod,
  ChargingTerms: contracts.ChargingTerms,
  ChargingPlace: contracts.ChargingPlace,
  Payer: contracts.Payer,
  CdrSummary: contracts.CdrSummary,
  CdrPage: contracts.CdrPage,
  CdrView: contracts.CdrView,
  Cdr: contracts.Cdr,
  CdrLine: contracts.CdrLine,
  Price: contracts.Price,
  PartnerCdr: contracts.PartnerCdr,
  CdrExplanation: contracts.CdrExplanation,
  RetailTariff: contracts.RetailTariff,
  RetailTariffList: contracts.RetailTariffList,
  DriverBill: contracts.DriverBill,
  NumberedDriverBill: contracts.NumberedDriverBill,
  DriverBillSummary: contracts.DriverBillSummary,
  DriverBillPage: contracts.DriverBillPage,
  DriverBillExplanation: contracts.DriverBillExplanation,
  UnbilledReason: contracts.UnbilledReason,
  UnbilledPurchase: contracts.UnbilledPurchase,
  UnbilledPage: contracts.UnbilledPage,
  TrialBalance: contracts.TrialBalance,
  BooksFinding: contracts.BooksFinding,
  SettlementStatement: contracts.SettlementStatement,
  StatementLine: contracts.StatementLine,
  StatementTotal: contracts.StatementTotal,
  Partner: contracts.Partner,
  PartnerList: edge.PartnerList,
  NewPartner: edge.NewPartner,
  PartnerIntroduced: contracts.PartnerIntroduced,
  PartnerCommand: contracts.PartnerCommand,
  PartnerProfile: contracts.PartnerProfile,
  ProfileLimits: contracts.ProfileLimits,
  DriverPreferences: contracts.DriverPreferences,
  PaymentTerminal: contracts.PaymentTerminal,
  PaymentTerminalPage: contracts.PaymentTerminalPage,
  TerminalTold: contracts.TerminalTold,
  FinancialAdvice: contracts.FinancialAdvice,
  FinancialAdvicePage: contracts.FinancialAdvicePage,
  PartnerDetails: contracts.PartnerDetails,
  PartnerCredential: contracts.PartnerCredential,
  PartnerChange: edge.PartnerChange,
  PartnerDelivery: contracts.PartnerDelivery,
  PartnerDeliveryPage: contracts.PartnerDeliveryPage,
  DeliveryModule: contracts.DeliveryModule,
  RedeliveryTerms: edge.Redelivery,
  Redelivery: contracts.Redelivery,
  PartnerMessage: contracts.PartnerMessage,
  PartnerMessagePage: contracts.PartnerMessagePage,
  PartnerSelfTest: contracts.PartnerSelfTest,
  PartnerCheck: contracts.PartnerCheck,
  CheckOutcome: contracts.CheckOutcome,
  Index: edge.Index,
};

// A schema is recognised by its text: an optional property is a copy of the schema it was made of.
const names = new Map(Object.entries(named).map(([name, schema]) => [JSON.stringify(schema), name]));

export function componentSchemas(): Record<string, unknown> {
  return Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, inner(plain(schema))]));
}

/** @returns the schema as JSON, with a reference in every place where a named one stands. */
export function withReferences(schema: TSchema): unknown {
  return outer(plain(schema));
}

function outer(node: unknown): unknown {
  const name = names.get(JSON.stringify(node));
  return name === undefined ? inner(node) : { $ref: `#/components/schemas/${name}` };
}

function inner(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(outer);
  if (typeof node !== 'object' || node === null) return node;
  const { anyOf, ...rest } = node as { anyOf?: { const?: unknown }[] };
  if (anyOf?.every((choice) => choice.const !== undefined)) return { ...rest, type: 'string', enum: anyOf.map((choice) => choice.const) };
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, outer(value)]));
}

/** Without TypeBox's symbols and undefined values. */
function plain(schema: TSchema): unknown {
  return JSON.parse(JSON.stringify(schema));
}
