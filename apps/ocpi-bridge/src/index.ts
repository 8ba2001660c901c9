// The pure core of the bridge, for tools and tests that chain it without a broker.
export {
  type Deliverable,
  type DeliveryCommand,
  type DeliveryEvent,
  type DeliveryState,
  delivery,
  deliveryCodec,
} from './delivery/delivery';
export { type PartnerCommand, type PartnerEvent, type PartnerState, partner, partnerCodec } from './partner/partner';
export { partnerCdr } from './received/partner-cdr';
export { partnerSession } from './received/partner-session';
