import type { CampaignPlan } from '@evenkeel/contracts';
import { type CampaignCommand, type CampaignEvent, type CampaignState, campaign, nextStations, roomFor } from './campaign';
import { outcomeOf } from './update-outcome';

const at = '2026-03-01T10:00:00.000Z';
const plan: CampaignPlan = {
  campaignId: 'c',
  stations: {},
  firmware: { version: '2.4', location: 'https://firmware.example.com/2.4' },
  canaries: ['S0', 'S1'],
  steps: [50, 100],
  atOnce: 3,
  haltAbovePercent: 25,
};
const stations = Array.from({ length: 8 }, (_, index) => `S${index}`);

/** Everything that has followed from the commands, and where it has led. */
function after(...commands: readonly CampaignCommand[]): { state: CampaignState; types: string[] } {
  let state = campaign.initial();
  const events: CampaignEvent[] = [];
  for (const command of commands) {
    const decision = campaign.decide(state, command);
    if (!decision.accepted) throw new Error(decision.rejection);
    for (const event of decision.events) {
      events.push(event);
      state = campaign.evolve(state, event, events.length - 1);
    }
  }
  return { state, types: events.map(({ type }) => type) };
}
const begin = (changes: Partial<CampaignPlan> = {}): CampaignCommand => ({ kind: 'begin', plan: { ...plan, ...changes }, stations, at });
const told = (...ids: readonly string[]) =>
  ids.map((stationId): CampaignCommand => ({ kind: 'told', stationId, commandId: 'x', requestId: 1, at }));
const updated = (...ids: readonly string[]) => ids.map((stationId): CampaignCommand => ({ kind: 'updated', stationId, at }));
const failed = (...ids: readonly string[]) =>
  ids.map((stationId): CampaignCommand => ({ kind: 'failed', stationId, reason: 'DownloadFailed', at }));
const order = (wanted: 'pause' | 'resume' | 'abort'): CampaignCommand => ({ kind: 'order', order: wanted, at });

describe('a firmware campaign', () => {
  it('lets the canaries go first, and the next step when all of it have had their end', () => {
    expect(nextStations(after(begin()).state)).toEqual(['S0', 'S1']);
    expect(nextStations(after(begin(), ...told('S0', 'S1'), ...updated('S0')).state)).toEqual([]);
    const { state } = after(begin(), ...told('S0', 'S1'), ...updated('S0', 'S1'));
    expect(nextStations(state)).toEqual(['S2', 'S3']);
    expect(nextStations(after(begin(), ...updated('S0', 'S1', 'S2', 'S3')).state)).toEqual(['S4', 'S5', 'S6', 'S7']);
  });

  it('begins with the first step where there are no canaries, and ends with the last station', () => {
    expect(nextStations(after(begin({ canaries: [] })).state)).toEqual(['S0', 'S1', 'S2', 'S3']);
    const { state, types } = after(begin({ canaries: [] }), ...updated(...stations));
    expect([state.status, types.at(-1)]).toEqual(['done', 'CampaignDone']);
  });

  it('has so many under way at once and no more', () => {
    expect(roomFor(after(begin({ canaries: [] })).state)).toBe(3);
    expect(roomFor(after(begin({ canaries: [] }), ...told('S0', 'S1', 'S2')).state)).toBe(0);
  });

  it('halts when more have failed than may, and goes on, forgiving them, when it is resumed', () => {
    const { state } = after(begin(), ...failed('S0'));
    expect([state.status, nextStations(state)]).toEqual(['halted', []]);
    const resumed = after(begin(), ...failed('S0'), order('resume'));
    expect([resumed.state.status, nextStations(resumed.state)]).toEqual(['running', ['S1']]);
    // One of four is a quarter, which may fail; two are too many.
    const inSteps = [begin({ canaries: [] }), ...failed('S0')];
    expect(after(...inSteps).state.status).toBe('running');
    expect(after(...inSteps, ...failed('S1')).state.status).toBe('halted');
  });

  it('tells nobody while it is paused, sees what becomes of the others, and is never resumed after an abort', () => {
    const paused = after(begin(), ...told('S0', 'S1'), order('pause'), ...updated('S0', 'S1')).state;
    expect([paused.status, paused.updated.size, nextStations(paused)]).toEqual(['paused', 2, []]);
    const resumed = after(begin(), ...told('S0', 'S1'), order('pause'), ...updated('S0', 'S1'), order('resume')).state;
    expect(nextStations(resumed)).toEqual(['S2', 'S3']);
    expect(campaign.decide(after(begin(), order('abort')).state, order('resume'))).toMatchObject({ rejection: 'ended' });
  });

  it('does not wait for stations that are away, but for every canary', () => {
    const away: CampaignCommand = { kind: 'all-away', at };
    expect(nextStations(after(begin(), ...updated('S0'), away).state)).toEqual(['S1']);
    expect(nextStations(after(begin(), ...updated('S0', 'S1', 'S2'), away).state)).toEqual(['S3', 'S4', 'S5', 'S6', 'S7']);
  });

  it('takes the end of a station once, and begins once', () => {
    expect(after(begin(), ...updated('S0'), ...failed('s0')).types).toEqual(['CampaignBegun', 'StationUpdated']);
    expect(campaign.decide(after(begin()).state, begin())).toMatchObject({ rejection: 'already-begun' });
    expect(campaign.decide(campaign.initial(), order('pause'))).toMatchObject({ rejection: 'unknown' });
  });
});

describe('the outcome of an update', () => {
  const update = { commandId: 'x', requestId: 1, at };
  const boot = (firmwareVersion: string) => ({ firmwareVersion, at });

  it.each([
    ['L01, C6-06: a boot with the version is the proof', boot('2.4'), { status: 'Installing' }, { kind: 'updated' }],
    ['an installed firmware alone is none', boot('2.3'), { status: 'Installed' }, undefined],
    ['a download that failed', boot('2.3'), { status: 'DownloadFailed' }, { kind: 'failed', reason: 'DownloadFailed' }],
    [
      'a boot with another version after the installation',
      boot('2.3'),
      { status: 'Installed', bootedAt: at, firmwareVersion: '2.3' },
      { kind: 'failed', reason: 'it has booted with 2.3' },
    ],
    ['nothing yet', null, undefined, undefined],
  ])('%s', (_, booted, job, outcome) => {
    expect(outcomeOf('2.4', update, booted, job, at)).toEqual(outcome);
  });

  it('is a failure when nothing was seen for a day', () => {
    expect(outcomeOf('2.4', update, null, undefined, '2026-03-02T10:00:01.000Z')).toMatchObject({ kind: 'failed' });
  });
});
