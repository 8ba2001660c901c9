// The rows of the table of operations about disputes with partners.
import { Dispute, DisputeAcceptance, DisputeId, DisputePage, DisputeQuery } from '@evenkeel/contracts';
import type { Operation } from './operation';
import * as schemas from './schemas';

export const disputePaths = {
  listDisputes: {
    method: 'GET',
    path: '/disputes',
    summary: "Partners' CDRs that claim something else than their own tariff and periods come to",
    tag: 'books',
    access: 'viewer',
    query: schemas.closed(DisputeQuery.properties),
    response: DisputePage,
  },
  acceptDispute: {
    method: 'POST',
    path: '/disputes/{disputeId}/accept',
    summary: 'Pay what the partner claims after all; a CDR that the partner takes back by a credit settles its dispute by itself',
    tag: 'books',
    access: 'operator',
    params: schemas.pathOf({ disputeId: DisputeId }),
    body: schemas.closed(DisputeAcceptance.properties),
    example: { note: 'Agreed by phone: the idle fee was announced on the display.' },
    response: Dispute,
    problems: ['not-found', 'conflict'],
  },
} as const satisfies Record<string, Operation>;
