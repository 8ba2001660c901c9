// What operators ask of the OCPI bridge, through the console: partners, their deliveries, messages and credentials.
import { Type } from '@sinclair/typebox';
import { query, request, write } from './flow-declarations';
import {
  DeliveryQuery,
  PartnerChange,
  PartnerDelivery,
  PartnerDeliveryPage,
  PartnerDetails,
  PartnerMessagePage,
  partnerId,
  Redelivery,
  RedeliveryTerms,
} from './partner-care';
import { PartnerPlacePage, PartnerPlaceQuery } from './partner-places';
import { Partner, PartnerIntroduced, PartnerIntroduction } from './roaming';
import { PageRequest } from './values';

const toBridge = { answeredBy: 'ocpi-bridge', askedBy: ['console'] } as const;

export const partnerRequests = {
  listPartners: query('ocpi-bridge', 'bridge.list-partners', Type.Object({}), Type.Object({ items: Type.Array(Partner) })),
  introducePartner: request({
    ...toBridge,
    subject: 'bridge.introduce-partner',
    request: write({ partner: PartnerIntroduction }),
    reply: PartnerIntroduced,
    deadlineMs: 30_000,
  }),
  getPartner: query('ocpi-bridge', 'bridge.get-partner', Type.Object({ partnerId }), PartnerDetails),
  changePartner: request({
    ...toBridge,
    subject: 'bridge.change-partner',
    request: write({ partnerId, change: PartnerChange }),
    reply: PartnerDetails,
    deadlineMs: 5_000,
  }),
  /** Asked again, it goes on where it was interrupted. */
  rotatePartner: request({
    ...toBridge,
    subject: 'bridge.rotate-partner',
    request: write({ partnerId }),
    reply: PartnerDetails,
    deadlineMs: 45_000,
  }),
  /** At the partner first, then here; `force` does not wait for the partner's word. */
  unregisterPartner: request({
    ...toBridge,
    subject: 'bridge.unregister-partner',
    request: write({ partnerId, force: Type.Boolean() }),
    reply: PartnerDetails,
    deadlineMs: 15_000,
  }),
  listDeliveries: query(
    'ocpi-bridge',
    'bridge.list-deliveries',
    Type.Object({ partnerId, ...DeliveryQuery.properties }),
    PartnerDeliveryPage,
  ),
  retryDelivery: request({
    ...toBridge,
    subject: 'bridge.retry-delivery',
    request: write({ partnerId, deliveryId: PartnerDelivery.properties.deliveryId }),
    reply: PartnerDelivery,
    deadlineMs: 10_000,
  }),
  redeliver: request({
    ...toBridge,
    subject: 'bridge.redeliver',
    request: write({ partnerId, ...RedeliveryTerms.properties }),
    reply: Redelivery,
    deadlineMs: 60_000,
  }),
  findPartnerPlaces: query('ocpi-bridge', 'bridge.find-partner-places', PartnerPlaceQuery, PartnerPlacePage),
  /** The newest first. */
  listPartnerMessages: query('ocpi-bridge', 'bridge.list-partner-messages', Type.Object({ partnerId, ...PageRequest }), PartnerMessagePage),
};
