// Takes plans of operators to their streams, and shows each operator its own write.
import type { PartyKey } from '@evenkeel/contracts';
import { type CommandContext, type EventStore, StreamHandler } from '@evenkeel/event-store';
import type { Projector } from '@evenkeel/read-model';
import type { FleetTables } from './fleet-tables';
import type { FleetView } from './fleet-view';
import { type AnyPlan, type PlanCommand, type PlanEvent, type PlanKind, type Plans, plan, planCodec, planStream } from './plan';

export class FleetDesk {
  private readonly plans: StreamHandler<{ readonly plan?: AnyPlan }, PlanCommand, PlanEvent>;

  constructor(
    store: EventStore,
    private readonly projector: Pick<Projector<FleetTables>, 'reached'>,
    private readonly view: FleetView,
    private readonly party: PartyKey,
  ) {
    this.plans = new StreamHandler({ store, decider: plan, codec: planCodec, cachedStates: 100 });
  }

  async put<P extends AnyPlan>(put: P, context: CommandContext): Promise<P['document']> {
    await this.handle(put.kind, put.planId, { kind: 'put', plan: put }, context);
    return put.document;
  }

  /** @throws Problem `not-found`. */
  async remove<K extends PlanKind>(kind: K, planId: string, context: CommandContext): Promise<Plans[K]> {
    const document = await this.view.get(kind, planId);
    await this.handle(kind, planId, { kind: 'remove' }, context);
    return document;
  }

  private async handle(kind: PlanKind, planId: string, command: PlanCommand, context: CommandContext): Promise<void> {
    const handled = await this.plans.handle(planStream(kind, this.party, planId), command, context);
    if (handled.accepted && handled.position !== undefined) await this.projector.reached(handled.position);
  }
}
