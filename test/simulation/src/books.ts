// Holds billing's books against the CDRs that were issued: each has one number, the numbers have no gap, and each has one entry that says what
// the CDR says.
import {
  cdrBookCodec,
  cdrBookStreamPrefix,
  cdrDeliveryCodec,
  cdrDeliveryStreamPrefix,
  claimEntry,
  journal,
  journalCodec,
  journalStreamPrefix,
} from '@evenkeel/billing';
import type { Cdr } from '@evenkeel/contracts';
import type { EventStore } from '@evenkeel/event-store';

/** @returns one line for each breach. */
export async function differencesInBooks(store: EventStore, issued: readonly Cdr[]): Promise<string[]> {
  const differences: string[] = [];
  const left = new Map(issued.map((cdr) => [cdr.cdrId, cdr]));
  const last = new Map<string, number>();
  await store.readAll([cdrBookStreamPrefix], async (events) => {
    for (const { stream, ...stored } of events) {
      const event = cdrBookCodec.decode({ stream, ...stored });
      if (event.type !== 'CdrsNumbered') continue;
      const { first, cdrs } = event.data;
      if (first !== (last.get(stream) ?? 0) + 1) differences.push(`${stream}: number ${first} follows ${last.get(stream)}`);
      last.set(stream, first + cdrs.length - 1);
      for (const { cdrId } of cdrs) if (!left.delete(cdrId)) differences.push(`${stream}: ${cdrId} has two numbers, or is no CDR`);
    }
  });
  for (const cdrId of left.keys()) differences.push(`CDR ${cdrId} has no number`);
  const entries = new Map(issued.map((cdr) => [cdr.cdrId, claimEntry(cdr)]));
  await store.readAll([journalStreamPrefix], async (events) => {
    for (const { data } of events.map((stored) => journalCodec.decode(stored))) {
      const entry = entries.get(data.reference);
      const decision = entry && journal.decide(journal.initial(), entry);
      const [expected] = decision?.accepted ? decision.events : [];
      if (!entries.delete(data.reference)) differences.push(`CDR ${data.reference} has two entries, or is none`);
      else if (JSON.stringify(expected?.data) !== JSON.stringify(data))
        differences.push(`CDR ${data.reference} is booked as ${JSON.stringify(data)}`);
    }
  });
  for (const cdrId of entries.keys()) differences.push(`CDR ${cdrId} has no entry`);
  return differences;
}

/** @returns one line for each CDR that a partner holds and of which billing was not told once, for its amount; and for each that it does not hold. */
export async function differencesInDeliveries(store: EventStore, held: ReadonlyMap<string, { cdr: Cdr }>): Promise<string[]> {
  const differences: string[] = [];
  const left = new Map(held);
  await store.readAll([cdrDeliveryStreamPrefix], async (events) => {
    for (const { data } of events.map((stored) => cdrDeliveryCodec.decode(stored))) {
      const total = left.get(data.cdrId)?.cdr.total;
      if (!left.delete(data.cdrId)) differences.push(`CDR ${data.cdrId} was told twice, or the partner does not hold it`);
      else if (total?.beforeTaxes !== data.totalBeforeTaxes || total.afterTaxes !== data.totalAfterTaxes)
        differences.push(`CDR ${data.cdrId} was told as ${JSON.stringify(data)}`);
    }
  });
  for (const cdrId of left.keys()) differences.push(`billing was not told that the partner holds CDR ${cdrId}`);
  return differences;
}
