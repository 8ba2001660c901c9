// Reports that come in parts. Each part is taken as it comes, because it is true; only when all parts of a report that was to name everything
// are there is what it did not name known to be gone.
import type { Change, Item, Known } from './known';

export interface Part {
  readonly requestId: number;
  /** Of messages without a number the order of arrival is the order of the parts. */
  readonly seqNo?: number;
  readonly tbc?: boolean;
}

/** Everything of the kind was asked for, and the station will tell. */
export function completeReportBegun(action: string, requestId: number): Change {
  return { kind: 'report', put: [[reportKey(action, requestId), { action, requestId }]] };
}

export function reportPart(known: Known, action: string, kind: string, { requestId, seqNo, tbc }: Part, put: readonly Item[]): Change[] {
  const report = reportKey(action, requestId);
  // A part of a report that was not to name everything proves nothing about the rest.
  if (known.get('report', report) === undefined) return [{ kind, put }];
  const assembly = known.assembly(report);
  const number = seqNo ?? assembly?.seqNos.size ?? 0;
  const more = tbc === true;
  const keys = put.map(([key]) => key);
  const part = { report, seqNo: number, more, keys };
  const last = more ? assembly?.last : number;
  const seen = new Set(assembly?.seqNos).add(number);
  if (last === undefined || seen.size <= last) return [{ kind, put, part }];
  const named = new Set([...(assembly?.keys ?? []), ...keys]);
  const removed = known.all(kind).flatMap(([key]) => (named.has(key) ? [] : [key]));
  return [
    { kind, put, removed, part },
    { kind: 'report', removed: [report] },
  ];
}

function reportKey(action: string, requestId: number): string {
  return `${action}/${requestId}`;
}
