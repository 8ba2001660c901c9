// What operators see of the deliveries to a partner, and have sent once more. A request is an event in the stream of the delivery: what is sent
// is what is stored there, in the same words and under the same id as before, so that a receiver knows a CDR that it has.
import { randomUUID } from 'node:crypto';
import {
  type DeliveryModule,
  type DeliveryQuery,
  idOf,
  type PartnerDelivery,
  type PartyKey,
  Problem,
  type Redelivery,
  type RedeliveryTerms,
} from '@evenkeel/contracts';
import { comparePositions, type EventStore, type Position, StreamHandler } from '@evenkeel/event-store';
import type { Database, Projector } from '@evenkeel/read-model';
import { type SelectQueryBuilder, sql } from 'kysely';
import { type DeliveryCommand, type DeliveryEvent, type DeliveryState, delivery, deliveryCodec, deliveryStreamPrefix } from './delivery';
import type { DeliveryTables } from './delivery-view';

/** Deliveries that one request for a whole module makes due; the next one goes on behind them. */
const REQUESTED_AT_ONCE = 1_000;
const STREAMS_AT_ONCE = 16;
const DEFAULT_PAGE = 100;

type Rows<O> = SelectQueryBuilder<DeliveryTables, 'delivery', O>;

export class DeliveryCare {
  private readonly deliveries: StreamHandler<DeliveryState, DeliveryCommand, DeliveryEvent>;

  constructor(
    store: EventStore,
    private readonly projector: Projector<DeliveryTables>,
    private readonly database: Database<DeliveryTables>,
  ) {
    // Nothing is remembered: a request that changes nothing appends nothing, and so would not find out that what it rests on is old.
    this.deliveries = new StreamHandler({ store, decider: delivery, codec: deliveryCodec, cachedStates: 0 });
  }

  /** What became due last comes first. */
  async page(
    recipients: readonly PartyKey[],
    { status, module, limit = DEFAULT_PAGE, after }: DeliveryQuery,
  ): Promise<{ items: PartnerDelivery[]; next?: string }> {
    if (recipients.length === 0) return { items: [] };
    let matching = this.rows().where('recipient', 'in', recipients);
    if (status !== undefined) matching = matching.where('status', '=', status);
    if (module !== undefined) matching = matching.where('module', '=', module);
    if (after !== undefined) {
      const { dueAt, stream } = placeIn(after);
      matching = matching.where(sql<boolean>`(due_at, stream) < (${dueAt}::timestamptz, ${stream})`);
    }
    const rows = await matching
      .orderBy('due_at', 'desc')
      .orderBy('stream', 'desc')
      .limit(limit + 1)
      .execute();
    const items = rows.slice(0, limit).map(shown);
    const last = items.at(-1);
    return { items, ...(last && rows.length > limit ? { next: `${last.dueAt} ${last.deliveryId}` } : {}) };
  }

  /** @throws Problem `not-found`, or `conflict` for one that the partner has. */
  async retry(recipients: readonly PartyKey[], deliveryId: string, operator: string): Promise<PartnerDelivery> {
    const stream = deliveryStreamPrefix + deliveryId;
    await this.one(recipients, stream);
    const at = new Date().toISOString();
    const handled = await this.deliveries.handle(stream, { kind: 'retry', at }, { cause: randomUUID(), operator });
    if (handled.state.status === 'delivered') throw new Problem('conflict', 'the partner has acknowledged it: nothing is left to try');
    if (handled.accepted && handled.position !== undefined) await this.projector.reached(handled.position);
    return this.one(recipients, stream);
  }

  /** Makes due again what is over; interrupted, it goes on where it was, when it is asked again under the same id. */
  async repeat(
    recipients: readonly PartyKey[],
    { module, from, requestId = randomUUID() }: RedeliveryTerms,
    operator: string,
  ): Promise<Redelivery> {
    if (recipients.length === 0) return { requestId, requested: 0, left: 0 };
    const streams = (
      await this.notRequested(recipients, module, from, requestId)
        .select('stream')
        .orderBy('first_due_at')
        .orderBy('stream')
        .limit(REQUESTED_AT_ONCE)
        .execute()
    ).map(({ stream }) => stream);
    const at = new Date().toISOString();
    let requested = 0;
    let furthest: Position | undefined;
    await atOnce(STREAMS_AT_ONCE, streams, async (stream) => {
      const cause = idOf('redelivery', requestId, stream);
      const handled = await this.deliveries.handle(stream, { kind: 'repeat', at, requestId }, { cause, operator });
      if (!handled.accepted || handled.position === undefined) return;
      requested += 1;
      if (furthest === undefined || comparePositions(handled.position, furthest) > 0) furthest = handled.position;
    });
    if (furthest !== undefined) await this.projector.reached(furthest);
    const { left } = await this.notRequested(recipients, module, from, requestId)
      .select(({ fn }) => fn.countAll<string>().as('left'))
      .executeTakeFirstOrThrow();
    return { requestId, requested, left: Number(left) };
  }

  /** A party that can be reached again gets at once what waits for another attempt. */
  async wake(recipient: PartyKey): Promise<void> {
    const rows = await this.database
      .selectFrom('delivery')
      .select('stream')
      .where('recipient', '=', recipient)
      .where('status', '=', 'due')
      .where('retry_at', '>', sql<string>`now()`)
      .execute();
    const at = new Date().toISOString();
    await atOnce(STREAMS_AT_ONCE, rows, async ({ stream }) => {
      await this.deliveries.handle(stream, { kind: 'retry', at }, { cause: randomUUID() });
    });
  }

  /** By party: since when the delivery that has waited longest is due. */
  async oldestDue(): Promise<Map<PartyKey, string>> {
    const rows = await this.database
      .selectFrom('delivery')
      .select(({ fn }) => ['recipient', fn.min('due_at').as('oldest')])
      .where('status', '=', 'due')
      .groupBy('recipient')
      .execute();
    return new Map(rows.map(({ recipient, oldest }) => [recipient, oldest]));
  }

  private async one(recipients: readonly PartyKey[], stream: string): Promise<PartnerDelivery> {
    const row = await this.rows().where('stream', '=', stream).executeTakeFirst();
    if (!row || !recipients.includes(row.recipient)) throw new Problem('not-found', 'the partner has no such delivery');
    return shown(row);
  }

  private notRequested(recipients: readonly PartyKey[], module: DeliveryModule, from: string, requestId: string): Rows<object> {
    return this.database
      .selectFrom('delivery')
      .where('recipient', 'in', recipients)
      .where('module', '=', module)
      .where('last_updated', '>=', from)
      .where('status', 'in', ['delivered', 'parked'])
      .where('request_id', 'is distinct from', requestId);
  }

  private rows() {
    return this.database
      .selectFrom('delivery')
      .select(['stream', 'module', 'recipient', 'object_id', 'status', 'revision', 'attempt', 'reason'])
      .select(['due_at', 'first_due_at', 'retry_at', 'delivered_at']);
  }
}

type Shown = Pick<
  DeliveryTables['delivery'],
  | ('stream' | 'module' | 'recipient' | 'object_id' | 'status' | 'revision' | 'attempt' | 'reason')
  | ('due_at' | 'first_due_at' | 'retry_at' | 'delivered_at')
>;

function shown(row: Shown): PartnerDelivery {
  const status = row.status === 'none' ? 'due' : row.status;
  return {
    deliveryId: row.stream.slice(deliveryStreamPrefix.length),
    module: row.module,
    objectId: row.object_id,
    recipient: row.recipient,
    status,
    revision: Number(row.revision),
    dueAt: row.due_at,
    firstDueAt: row.first_due_at,
    ...(row.delivered_at === null ? {} : { deliveredAt: row.delivered_at }),
    ...(status === 'due' ? { retryAt: row.retry_at } : {}),
    attempts: row.attempt,
    ...(row.reason === null ? {} : { reason: row.reason }),
  };
}

/** @throws Problem `invalid` for what is no `next` of ours. */
function placeIn(after: string): { dueAt: string; stream: string } {
  const [dueAt = '', deliveryId = ''] = after.split(' ');
  if (Number.isNaN(Date.parse(dueAt)) || deliveryId === '') throw new Problem('invalid', 'after is not the next of a page of deliveries');
  return { dueAt, stream: deliveryStreamPrefix + deliveryId };
}

async function atOnce<T>(width: number, all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const workOn = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: width }, workOn));
}
