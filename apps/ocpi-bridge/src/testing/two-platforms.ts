// A CPO and an eMSP of ours for a spec, Chargem and MobilityYou, with their broker and database. They do not know each other yet.
import { type RunningNats, type RunningPostgres, startNats, startPostgres } from '@evenkeel/testkit';
import { PlatformUnderTest, passwordOf } from './platform-under-test';
import { tokenOf } from './roaming';

const actor = { operator: 'spec' };

export class TwoPlatforms {
  private constructor(
    private readonly nats: RunningNats,
    private readonly postgres: RunningPostgres,
    readonly chargem: PlatformUnderTest,
    readonly mobility: PlatformUnderTest,
  ) {}

  /** @param versions that MobilityYou offers; all of them where absent. */
  static async start(versions?: string): Promise<TwoPlatforms> {
    const nats = await startNats({ platforms: ['CHARGEM', 'MOBILITYYOU'].map((name) => ({ name, passwordOf })) });
    const postgres = await startPostgres();
    const chargem = await PlatformUnderTest.start({ account: 'CHARGEM', party: 'US-CHG', role: 'CPO' }, nats, postgres);
    const plan = { account: 'MOBILITYYOU', party: 'US-MOB', role: 'EMSP' } as const;
    const mobility = await PlatformUnderTest.start({ ...plan, ...(versions === undefined ? {} : { versions }) }, nats, postgres);
    mobility.tokens.push(tokenOf('CARD1'));
    return new TwoPlatforms(nats, postgres, chargem, mobility);
  }

  /** @returns how MobilityYou knows Chargem from then on. */
  async introduceEachOther(): Promise<unknown> {
    const { tokenA, versionsUrl } = await this.chargem.console.ask('introducePartner', { actor, partner: { name: 'MobilityYou' } });
    return this.mobility.console.ask('introducePartner', { actor, partner: { name: 'Chargem', versionsUrl, tokenA } });
  }

  async stop(): Promise<void> {
    await this.chargem.stop();
    await this.mobility.stop();
    await this.postgres.stop();
    await this.nats.stop();
  }
}
