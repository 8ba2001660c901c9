// The rows of the table of operations about the power that what charges at a site shares.
import { ChargingBudget, ChargingBudgetList, ChargingBudgetRemoval, ChargingBudgetState } from '@evenkeel/contracts';
import * as examples from './examples';
import type { Operation } from './operation';
import * as schemas from './schemas';

export const budgetOperations = {
  listChargingBudgets: {
    method: 'GET',
    path: '/budgets',
    summary: 'The power that sites and groups of stations share',
    tag: 'budgets',
    access: 'viewer',
    response: ChargingBudgetList,
  },
  getChargingBudget: {
    method: 'GET',
    path: '/budgets/{budgetId}',
    summary: 'One budget, and who has which share of it now',
    tag: 'budgets',
    access: 'viewer',
    params: schemas.BudgetPath,
    response: ChargingBudgetState,
    problems: ['not-found'],
  },
  setChargingBudget: {
    method: 'PUT',
    path: '/budgets/{budgetId}',
    summary: 'Limit what a location, or a group of stations, draws together; what charges there shares it from now on',
    tag: 'budgets',
    access: 'operator',
    params: schemas.BudgetPath,
    body: schemas.Budget,
    example: examples.budget,
    response: ChargingBudget,
    problems: ['conflict'],
  },
  removeChargingBudget: {
    method: 'DELETE',
    path: '/budgets/{budgetId}',
    summary: 'Share no longer, and take back from the stations what they were told',
    tag: 'budgets',
    access: 'operator',
    params: schemas.BudgetPath,
    response: ChargingBudgetRemoval,
    problems: ['not-found'],
  },
} as const satisfies Record<string, Operation>;
