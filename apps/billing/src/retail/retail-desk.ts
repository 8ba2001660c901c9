// Takes the choice of retail tariffs to the party's stream, and finds the tariff that a session is billed by: which one it is, billing knows;
// what it says, the registry does, in every version that ever was.
import { idOf, type PartyKey, type Reply, type Request, type Tariff } from '@evenkeel/contracts';
import { type CommandContext, type EventStore, type Sealer, StreamHandler } from '@evenkeel/event-store';
import type { Requester } from '@evenkeel/messaging';
import {
  type RetailChoice,
  type RetailChoices,
  type RetailTariffsEvent,
  retailTariffAt,
  retailTariffs,
  retailTariffsCodec,
  retailTariffsNow,
  retailTariffsStream,
} from './retail-tariffs';

export class RetailDesk {
  private readonly choices: StreamHandler<RetailChoices, RetailChoice, RetailTariffsEvent>;

  constructor(
    store: EventStore,
    sealer: Pick<Sealer, 'append'>,
    private readonly registry: Pick<Requester<'billing'>, 'ask'>,
  ) {
    // Nothing is remembered: a price rests on what others have chosen, and a choice that changes nothing here may change it elsewhere.
    this.choices = new StreamHandler({ store, sealer, decider: retailTariffs, codec: retailTariffsCodec, cachedStates: 0 });
  }

  async list({ party }: Request<'listRetailTariffs'>): Promise<Reply<'listRetailTariffs'>> {
    return { items: retailTariffsNow((await this.choices.load(retailTariffsStream(party))).state) };
  }

  /** For sessions that start from now on. @throws Problem `not-found` for a tariff that the party has not registered. */
  async set({ party, scope, tariffId, actor: { operator } }: Request<'setRetailTariff'>): Promise<Reply<'setRetailTariff'>> {
    const at = new Date().toISOString();
    const { id } = await this.registry.ask('tariffInForce', { party, tariffId, at });
    return this.choose(party, { scope, tariffId: id, at }, { cause: idOf('retail-tariff', party, scope, id, at), operator });
  }

  async remove({ party, scope, actor: { operator } }: Request<'removeRetailTariff'>): Promise<Reply<'removeRetailTariff'>> {
    const at = new Date().toISOString();
    return this.choose(party, { scope, at }, { cause: idOf('retail-tariff', party, scope, 'none', at), operator });
  }

  /**
   * @returns the tariff by which the party's drivers pay at the operator's stations, in the version in force at the instant; undefined where
   * none was chosen by then.
   * @throws where the registry stays silent: what is not known now is asked again, and never billed at another price.
   */
  async tariffAt(party: PartyKey, operator: PartyKey, at: string): Promise<Tariff | undefined> {
    const { state } = await this.choices.load(retailTariffsStream(party));
    const tariffId = retailTariffAt(state, operator, at);
    return tariffId === undefined ? undefined : this.registry.ask('tariffInForce', { party, tariffId, at });
  }

  private async choose(party: PartyKey, choice: RetailChoice, context: CommandContext): Promise<Reply<'listRetailTariffs'>> {
    const handled = await this.choices.handle(retailTariffsStream(party), choice, context);
    return { items: retailTariffsNow(handled.state) };
  }
}
