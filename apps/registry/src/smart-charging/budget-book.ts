// The decider of which budgets there are. One stream holds them all: there are few, and whoever looks for a station's budget needs them all.
import type { ChargingBudget } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export type BudgetEvent =
  | { type: 'BudgetSet'; data: { budget: ChargingBudget; at: string } }
  | { type: 'BudgetRemoved'; data: { budgetId: string; at: string } };

export type BudgetCommand =
  | { readonly kind: 'set'; readonly budget: ChargingBudget; readonly at: string }
  | { readonly kind: 'remove'; readonly budgetId: string; readonly at: string };

export type BudgetBook = Readonly<Record<string, ChargingBudget>>;

export const budgetCodec: Codec<BudgetEvent> = codecOf<BudgetEvent>({ BudgetSet: [], BudgetRemoved: [] });
export const budgetStream = 'budget-book';

export const budgetBook: Decider<BudgetBook, BudgetCommand, BudgetEvent> = {
  initial: () => ({}),
  evolve: (book, event) => {
    if (event.type === 'BudgetSet') return { ...book, [event.data.budget.budgetId]: event.data.budget };
    const { [event.data.budgetId]: _, ...others } = book;
    return others;
  },
  decide: (book, command) => {
    const { at } = command;
    if (command.kind === 'remove') {
      const { budgetId } = command;
      return book[budgetId] === undefined ? accept() : accept<BudgetEvent>({ type: 'BudgetRemoved', data: { budgetId, at } });
    }
    const { budget } = command;
    const isSame = JSON.stringify(book[budget.budgetId]) === JSON.stringify(budget);
    return isSame ? accept() : accept<BudgetEvent>({ type: 'BudgetSet', data: { budget, at } });
  },
};
