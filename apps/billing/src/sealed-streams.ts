// The streams whose events billing chains and seals.
import type { SealedStreams } from '@evenkeel/service';
import { cdrStreamPrefix } from './cdr/cdr-events';
import { cdrDeliveryStreamPrefix } from './delivery/cdr-delivery';
import { disputeStreamPrefix } from './dispute/dispute';
import { driverBillBookStreamPrefix, driverBillStreamPrefix } from './driver-bill/driver-bill';
import { journalStreamPrefix } from './journal/journal';
import { cdrBookStreamPrefix } from './numbering/cdr-book';
import { purchaseStreamPrefix } from './purchase/purchase';
import { retailTariffsStreamPrefix } from './retail/retail-tariffs';

export const billingSeals: SealedStreams = {
  name: 'billing',
  streamPrefixes: [
    cdrStreamPrefix,
    purchaseStreamPrefix,
    cdrBookStreamPrefix,
    journalStreamPrefix,
    cdrDeliveryStreamPrefix,
    disputeStreamPrefix,
    driverBillStreamPrefix,
    driverBillBookStreamPrefix,
    retailTariffsStreamPrefix,
  ],
};
