// What operators ask of billing, through the console, about the bills of their own drivers: retail tariffs, bills, and what is not billed.
import { Type } from '@sinclair/typebox';
import { ExplanationLanguage } from './cdrs';
import {
  DriverBill,
  DriverBillExplanation,
  DriverBillPage,
  DriverBillQuery,
  NumberedDriverBill,
  RetailScope,
  RetailTariffChoice,
  RetailTariffList,
  UnbilledPage,
  UnbilledPurchase,
  UnbilledQuery,
} from './driver-bills';
import { query, request, write } from './flow-declarations';
import { PartyKey } from './party';

const toBilling = { answeredBy: 'billing', askedBy: ['console'] } as const;
const { billId } = DriverBill.properties;

export const retailRequests = {
  listRetailTariffs: query('billing', 'billing.list-retail-tariffs', Type.Object({ party: PartyKey }), RetailTariffList),
  /** For sessions that start from now on. */
  setRetailTariff: request({
    ...toBilling,
    subject: 'billing.set-retail-tariff',
    request: write({ party: PartyKey, scope: RetailScope, ...RetailTariffChoice.properties }),
    reply: RetailTariffList,
    deadlineMs: 10_000,
  }),
  removeRetailTariff: request({
    ...toBilling,
    subject: 'billing.remove-retail-tariff',
    request: write({ party: PartyKey, scope: RetailScope }),
    reply: RetailTariffList,
    deadlineMs: 5_000,
  }),
  listDriverBills: query('billing', 'billing.list-driver-bills', DriverBillQuery, DriverBillPage),
  getDriverBill: query('billing', 'billing.get-driver-bill', Type.Object({ billId }), NumberedDriverBill),
  explainDriverBill: query(
    'billing',
    'billing.explain-driver-bill',
    Type.Object({ billId, language: Type.Optional(ExplanationLanguage) }),
    DriverBillExplanation,
  ),
  listUnbilled: query('billing', 'billing.list-unbilled', UnbilledQuery, UnbilledPage),
  /** By the terms of the session's start; where these bill nothing, by those of today. */
  billPurchase: request({
    ...toBilling,
    subject: 'billing.bill-purchase',
    request: write({ purchaseId: UnbilledPurchase.properties.purchaseId }),
    reply: DriverBill,
    deadlineMs: 15_000,
  }),
};
