// What is stored in a CDR's stream: one stream a session, because a session has one bill however often it is corrected.
import type { Cdr, Claim } from '@evenkeel/contracts';
import { type Codec, codecOf } from '@evenkeel/event-store';

/** What the party decided about billing when the CDR was issued: part of the reasons for the amount, and so part of the event. */
export interface BillingPolicy {
  freeWithoutEnergy: boolean;
  /** Whether the CDR names the signed readings behind it; absent from the time before CDRs did. */
  namesSignedReadings?: boolean;
}

/** Why a completed session has no CDR. */
export type NotBilledReason = 'no-payer' | 'payer-not-accepted' | 'denied';

export type CdrEvent =
  | { type: 'CdrIssued'; data: { cdr: Cdr; policy: BillingPolicy } }
  /** The credit CDR that takes back an issued one (OCPI 2.2.1 mod_cdrs, credit CDRs). */
  | { type: 'CdrCredited'; data: { cdr: Cdr } }
  /** What the correction of a bill changes for the payer; absent where it changes the amount by nothing. */
  | { type: 'ClaimAdjusted'; data: { direction: 'refund' | 'additional'; claim: Claim } }
  | { type: 'SessionNotBilled'; data: { sessionId: string; sessionRevision: number; reason: NotBilledReason } };

export const cdrCodec: Codec<CdrEvent> = codecOf<CdrEvent>({ CdrIssued: [], CdrCredited: [], ClaimAdjusted: [], SessionNotBilled: [] });

export const cdrStreamPrefix = 'cdr-';

export function cdrStream(sessionId: string): string {
  return `${cdrStreamPrefix}${sessionId}`;
}
