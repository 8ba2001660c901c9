// The decider of a party's retail tariffs: which of its own tariffs its drivers pay at partners' stations, for one operator or for all that have
// none of their own. Every choice stays with its time, because a session is billed by the one of its start.
import type { PartyKey, RetailScope, RetailTariff } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export type RetailTariffsEvent =
  | { type: 'RetailTariffSet'; data: RetailChoice & { tariffId: string } }
  | { type: 'RetailTariffRemoved'; data: Omit<RetailChoice, 'tariffId'> };

export interface RetailChoice {
  scope: RetailScope;
  /** Absent where it was removed. */
  tariffId?: string;
  /** RFC 3339 UTC. */
  at: string;
}

/** In the order in which they were made. */
export type RetailChoices = readonly RetailChoice[];

export const retailTariffs: Decider<RetailChoices, RetailChoice, RetailTariffsEvent> = {
  initial: () => [],
  evolve: (choices, { data }) => [...choices, data],
  decide: (choices, { scope, tariffId, at }) => {
    if (chosenFor(choices, scope)?.tariffId === tariffId) return accept();
    if (tariffId === undefined) return accept<RetailTariffsEvent>({ type: 'RetailTariffRemoved', data: { scope, at } });
    return accept<RetailTariffsEvent>({ type: 'RetailTariffSet', data: { scope, tariffId, at } });
  },
};

export const retailTariffsCodec: Codec<RetailTariffsEvent> = codecOf<RetailTariffsEvent>({ RetailTariffSet: [], RetailTariffRemoved: [] });

export const retailTariffsStreamPrefix = 'retailtariffs-';

export function retailTariffsStream(party: PartyKey): string {
  return `${retailTariffsStreamPrefix}${party}`;
}

/** @returns the id of the tariff that counted at an operator's stations at the instant; undefined where none did. */
export function retailTariffAt(choices: RetailChoices, operator: PartyKey, at: string): string | undefined {
  const until = choices.filter((choice) => choice.at <= at);
  return chosenFor(until, operator)?.tariffId ?? chosenFor(until, 'default')?.tariffId;
}

/** @returns what counts now, in the order of the scopes. */
export function retailTariffsNow(choices: RetailChoices): RetailTariff[] {
  const scopes = [...new Set(choices.map(({ scope }) => scope))].sort();
  return scopes.flatMap((scope) => {
    const { tariffId, at } = chosenFor(choices, scope) ?? {};
    return tariffId === undefined || at === undefined ? [] : [{ scope, tariffId, since: at }];
  });
}

function chosenFor(choices: RetailChoices, scope: RetailScope): RetailChoice | undefined {
  return choices.findLast((choice) => choice.scope === scope);
}
