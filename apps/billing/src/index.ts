// The pure core of billing, for tools and tests that chain it without a broker.
export { type BillSession, type CdrState, cdr } from './cdr/cdr';
export { type BillingPolicy, type CdrEvent, cdrCodec, cdrStreamPrefix } from './cdr/cdr-events';
export { creditOf, draftCdr } from './cdr/draft-cdr';
export { cdrDelivery, cdrDeliveryCodec, cdrDeliveryStream, cdrDeliveryStreamPrefix } from './delivery/cdr-delivery';
export { type BoughtCdr, billIdOf, creditOfBill, draftBill } from './driver-bill/draft-bill';
export {
  type DriverBillEvent,
  driverBill,
  driverBillBookStreamPrefix,
  driverBillCodec,
  driverBillStreamPrefix,
} from './driver-bill/driver-bill';
export { claimEntry } from './journal/claim-entry';
export { entryFor } from './journal/entry-for';
export { type JournalEntry, journal, journalCodec, journalStream, journalStreamPrefix, type PostedEntry } from './journal/journal';
export { type BookedCdr, cdrBook, cdrBookCodec, cdrBookStream, cdrBookStreamPrefix } from './numbering/cdr-book';
export { toNumberOf } from './numbering/numbered';
export { purchase, purchaseCodec, purchaseStreamPrefix } from './purchase/purchase';
export { billingSeals } from './sealed-streams';
