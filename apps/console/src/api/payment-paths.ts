// The rows of the table of operations about payment terminals of providers, and what was captured at them.
import {
  FinancialAdvicePage,
  FinancialAdviceQuery,
  PartyKey,
  PaymentTerminal,
  PaymentTerminalPage,
  TerminalActivation,
  TerminalChange,
  TerminalId,
  TerminalPlaces,
  TerminalTold,
} from '@evenkeel/contracts';
import { Type } from '@sinclair/typebox';
import type { Operation } from './operation';
import * as schemas from './schemas';

const party = Type.String({ pattern: PartyKey.pattern, description: 'The payment terminal provider, e.g. NL-PTP' });
const provider = { tag: 'partners', params: schemas.pathOf({ party }) } as const;
const terminal = {
  tag: 'partners',
  access: 'operator',
  params: schemas.pathOf({ party, terminalId: TerminalId }),
  problems: ['not-found', 'conflict', 'not-supported'],
} as const;

export const paymentPaths = {
  listPaymentTerminals: {
    ...provider,
    method: 'GET',
    path: '/partners/{party}/terminals',
    summary: 'Payment terminals of a provider, and which locations and EVSEs each stands for',
    access: 'viewer',
    query: schemas.Page,
    response: PaymentTerminalPage,
  },
  activatePaymentTerminal: {
    ...provider,
    method: 'POST',
    path: '/partners/{party}/terminals/activate',
    summary: 'Tell the provider of a terminal that is built into a station, so that it makes one of it',
    access: 'operator',
    body: schemas.closed(TerminalActivation.properties),
    example: { terminalId: 'a06dc823-3e5a-40c8', reference: 'SN-40017', locationIds: ['LOC-7'], evseUids: ['LOC-7-1'] },
    response: TerminalTold,
    problems: terminal.problems,
  },
  deactivatePaymentTerminal: {
    ...terminal,
    method: 'POST',
    path: '/partners/{party}/terminals/{terminalId}/deactivate',
    summary: 'Tell the provider that a terminal is broken or gone',
    response: TerminalTold,
  },
  placePaymentTerminal: {
    ...terminal,
    method: 'PUT',
    path: '/partners/{party}/terminals/{terminalId}/places',
    summary: 'Say which locations and EVSEs a terminal stands for, and no others',
    body: schemas.closed(TerminalPlaces.properties),
    example: { locationIds: ['LOC-7'], evseUids: [] },
    response: PaymentTerminal,
  },
  changePaymentTerminal: {
    ...terminal,
    method: 'PATCH',
    path: '/partners/{party}/terminals/{terminalId}',
    summary: 'Say under which reference the provider knows us, or where the invoices of a terminal are found; leave the rest',
    body: schemas.closed(TerminalChange.properties),
    example: { customerReference: 'CHARGEM-OAKLAND', invoiceBaseUrl: 'https://invoices.chargem.example/' },
    response: PaymentTerminal,
  },
  listFinancialAdvice: {
    ...provider,
    method: 'GET',
    path: '/partners/{party}/financial-advice',
    summary: 'What a provider has captured for sessions at its terminals; of one session by its authorization reference',
    access: 'viewer',
    query: schemas.closed(FinancialAdviceQuery.properties),
    response: FinancialAdvicePage,
  },
} as const satisfies Record<string, Operation>;
