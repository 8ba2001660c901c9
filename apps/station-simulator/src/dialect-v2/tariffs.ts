// What charging costs: shown as the back end tells it (OCPP 2.0.1 I02), or worked out by the station from tariffs (OCPP 2.1 I07 to I12).
// The station takes tariffs without conditions only, and says so.
import type { Request } from '@evenkeel/ocpp';
import { rfc3339 } from '../station/dialect';
import type { Costing, StationHost } from '../station/host';
import type { ChargingSession } from '../station/session';
import type { Handlers2 } from './handlers';

type Tariff = Request<'2.1', 'SetDefaultTariff'>['tariff'];
type CostDetails = NonNullable<Request<'2.1', 'TransactionEvent'>['costDetails']>;

/** A part of a session under one tariff, and where the meters stood when it began. */
interface Period {
  readonly tariff: Tariff;
  readonly startedAt: number;
  readonly drawnWh: number;
  readonly chargingSeconds: number;
  readonly idleSeconds: number;
}

interface Cost {
  readonly fixed: number;
  readonly energy: number;
  readonly chargingTime: number;
  readonly idleTime: number;
}

export function costCommands(host: StationHost) {
  return {
    CostUpdated({ transactionId, totalCost }) {
      host.sessionOf(transactionId)?.costs(totalCost);
      return { answer: {} };
    },
  } satisfies Handlers2;
}

export function tariffCommands(host: StationHost) {
  const tariffs = new Tariffs(host);
  host.useCosting(tariffs);
  return {
    SetDefaultTariff({ evseId, tariff }) {
      if (evseId !== 0 && !host.connectors.has(evseId)) return { answer: { status: 'Rejected' } };
      if (hasConditions(tariff)) return { answer: { status: 'ConditionNotSupported' } };
      if (tariffs.isElsewhere(evseId, tariff.tariffId)) return { answer: { status: 'DuplicateTariffId' } };
      tariffs.setDefault(evseId, tariff);
      return { answer: { status: 'Accepted' } };
    },
    GetTariffs({ evseId }) {
      const tariffAssignments = tariffs.assignments(evseId);
      return { answer: tariffAssignments.length === 0 ? { status: 'NoTariff' } : { status: 'Accepted', tariffAssignments } };
    },
    ClearTariffs({ tariffIds, evseId }) {
      return { answer: { clearTariffsResult: tariffs.clear(tariffIds, evseId) } };
    },
    ChangeTransactionTariff({ transactionId, tariff }) {
      const session = host.sessionOf(transactionId);
      if (session === undefined) return { answer: { status: 'TxNotFound' } };
      if (hasConditions(tariff)) return { answer: { status: 'ConditionNotSupported' } };
      if (tariffs.currencyOf(session) !== undefined && tariffs.currencyOf(session) !== tariff.currency) {
        return { answer: { status: 'NoCurrencyChange' } };
      }
      tariffs.change(session, tariff);
      const note = { transactionInfo: { tariffId: tariff.tariffId } };
      return { answer: { status: 'Accepted' }, afterwards: () => session.note('TariffChanged', note) };
    },
  } satisfies Handlers2;
}

class Tariffs implements Costing {
  /** By EVSE; 0 is every EVSE that has none of its own. */
  private readonly defaults = new Map<number, Tariff>();
  private readonly periods = new WeakMap<ChargingSession, Period[]>();

  constructor(private readonly host: StationHost) {}

  setDefault(evseId: number, tariff: Tariff): void {
    // OCPP 2.1 I07: one for all EVSEs replaces those of each.
    if (evseId === 0) this.defaults.clear();
    this.defaults.set(evseId, tariff);
  }

  isElsewhere(evseId: number, tariffId: string): boolean {
    return [...this.defaults].some(([place, tariff]) => place !== evseId && evseId !== 0 && tariff.tariffId === tariffId);
  }

  assignments(evseId: number) {
    return [...this.defaults]
      .filter(([place]) => evseId === 0 || place === evseId || place === 0)
      .map(([place, { tariffId, validFrom }]) => ({
        tariffId,
        tariffKind: 'DefaultTariff' as const,
        evseIds: place === 0 ? [...this.host.connectors.keys()] : [place],
        ...(validFrom === undefined ? {} : { validFrom }),
      }));
  }

  clear(tariffIds: readonly string[] | undefined, evseId: number | undefined) {
    const meant = [...this.defaults].filter(([place, { tariffId }]) => {
      return (tariffIds === undefined || tariffIds.includes(tariffId)) && (evseId === undefined || evseId === 0 || place === evseId);
    });
    for (const [place] of meant) this.defaults.delete(place);
    const cleared = meant.map(([, { tariffId }]) => tariffId);
    const unknown = (tariffIds ?? []).filter((id) => !cleared.includes(id));
    const results = [
      ...cleared.map((tariffId) => ({ tariffId, status: 'Accepted' as const })),
      ...unknown.map((tariffId) => ({ tariffId, status: 'NoTariff' as const })),
    ];
    return results.length === 0 ? [{ status: 'NoTariff' as const }] : results;
  }

  change(session: ChargingSession, tariff: Tariff): void {
    this.periods.set(session, [...this.periodsOf(session), periodFrom(session, tariff)]);
  }

  currencyOf(session: ChargingSession): string | undefined {
    return this.periodsOf(session)[0]?.tariff.currency;
  }

  costOf(session: ChargingSession): number | undefined {
    const periods = this.periodsOf(session);
    return periods.length === 0 ? undefined : totalOf(costOf(session, periods));
  }

  finalDetails(session: ChargingSession): { readonly costDetails?: CostDetails } {
    const periods = this.periodsOf(session);
    const [first] = periods;
    if (first === undefined) return {};
    const cost = costOf(session, periods);
    const part = (value: number) => ({ exclTax: rounded(value) });
    return {
      costDetails: {
        totalCost: {
          currency: first.tariff.currency,
          typeOfCost: 'NormalCost',
          fixed: part(cost.fixed),
          energy: part(cost.energy),
          chargingTime: part(cost.chargingTime),
          idleTime: part(cost.idleTime),
          total: part(totalOf(cost)),
        },
        totalUsage: { energy: session.drawnWh / 1000, chargingTime: session.chargingSeconds, idleTime: session.suspendedSeconds },
        chargingPeriods: periods.map(({ tariff, startedAt }) => ({ tariffId: tariff.tariffId, startPeriod: rfc3339(startedAt) })),
      },
    };
  }

  /** A session that nobody has asked about yet is under its EVSE's default from its start. */
  private periodsOf(session: ChargingSession): Period[] {
    const known = this.periods.get(session);
    if (known !== undefined) return known;
    const tariff = this.defaults.get(session.plan.connectorId) ?? this.defaults.get(0);
    if (tariff === undefined) return [];
    const periods = [{ tariff, startedAt: session.startedAt, drawnWh: 0, chargingSeconds: 0, idleSeconds: 0 }];
    this.periods.set(session, periods);
    return periods;
  }
}

function periodFrom(session: ChargingSession, tariff: Tariff): Period {
  const { at: startedAt, drawnWh, chargingSeconds, suspendedSeconds: idleSeconds } = session;
  return { tariff, startedAt, drawnWh, chargingSeconds, idleSeconds };
}

function costOf(session: ChargingSession, periods: readonly Period[]): Cost {
  const costs = periods.map((period, index): Cost => {
    const end = periods[index + 1] ?? periodFrom(session, period.tariff);
    const { energy, chargingTime, idleTime, fixedFee } = period.tariff;
    return {
      fixed: index === 0 ? (fixedFee?.prices[0]?.priceFixed ?? 0) : 0,
      energy: ((end.drawnWh - period.drawnWh) / 1000) * (energy?.prices[0]?.priceKwh ?? 0),
      chargingTime: ((end.chargingSeconds - period.chargingSeconds) / 60) * (chargingTime?.prices[0]?.priceMinute ?? 0),
      idleTime: ((end.idleSeconds - period.idleSeconds) / 60) * (idleTime?.prices[0]?.priceMinute ?? 0),
    };
  });
  const sum = (pick: (cost: Cost) => number) => costs.reduce((total, cost) => total + pick(cost), 0);
  return {
    fixed: sum(({ fixed }) => fixed),
    energy: sum(({ energy }) => energy),
    chargingTime: sum(({ chargingTime }) => chargingTime),
    idleTime: sum(({ idleTime }) => idleTime),
  };
}

const totalOf = ({ fixed, energy, chargingTime, idleTime }: Cost): number => rounded(fixed + energy + chargingTime + idleTime);
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

function hasConditions({ energy, chargingTime, idleTime, fixedFee }: Tariff): boolean {
  return [energy, chargingTime, idleTime, fixedFee].some((element) => element?.prices.some(({ conditions }) => conditions !== undefined));
}
