// The decider of a plan, a document that says what many stations are to have: a local list, a configuration template. It is put as a whole.
import { isDeepStrictEqual } from 'node:util';
import { type ConfigurationTemplate, idOf, type LocalListPlan, type PartyKey } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export interface Plans {
  'local-list': LocalListPlan;
  'configuration-template': ConfigurationTemplate;
}
export type PlanKind = keyof Plans;
export type AnyPlan = { readonly [K in PlanKind]: { readonly kind: K; readonly planId: string; readonly document: Plans[K] } }[PlanKind];

export type PlanEvent =
  | { type: 'PlanPut'; data: AnyPlan }
  | { type: 'PlanRemoved'; data: { readonly kind: PlanKind; readonly planId: string } };
export type PlanCommand = { readonly kind: 'put'; readonly plan: AnyPlan } | { readonly kind: 'remove' };

export const plan: Decider<{ readonly plan?: AnyPlan }, PlanCommand, PlanEvent> = {
  initial: () => ({}),
  evolve: (_, event) => (event.type === 'PlanPut' ? { plan: event.data } : {}),
  decide: ({ plan: known }, command) => {
    if (command.kind === 'put') {
      return isDeepStrictEqual(known, command.plan) ? accept() : accept<PlanEvent>({ type: 'PlanPut', data: command.plan });
    }
    return known === undefined ? accept() : accept<PlanEvent>({ type: 'PlanRemoved', data: { kind: known.kind, planId: known.planId } });
  },
};

export const planCodec: Codec<PlanEvent> = codecOf<PlanEvent>({ PlanPut: [], PlanRemoved: [] });
export const planStreamPrefix = 'plan-';

export function planStream(kind: PlanKind, party: PartyKey, planId: string): string {
  return `${planStreamPrefix}${idOf(kind, party, planId.toLowerCase())}`;
}
