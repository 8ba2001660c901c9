import type { GenerationStatus, ProjectionStatus } from '@evenkeel/read-model';
import { HealthServer } from './health-server';
import { Metrics } from './metrics';
import { watchProjections } from './projection-health';

describe('the health server', () => {
  const metrics = new Metrics('test');
  const health = new HealthServer(metrics);
  let url = '';
  let missing: string | undefined = 'catching up';

  beforeAll(async () => {
    health.require('projection', () => missing);
    url = `http://127.0.0.1:${await health.listen('127.0.0.1', 0)}`;
  });
  afterAll(() => health.close());

  const get = async (path: string) => {
    const response = await fetch(url + path);
    return { status: response.status, body: await response.text() };
  };

  it('is live from the first moment, and ready when every part is', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200 });
    expect(await get('/health/ready')).toEqual({
      status: 503,
      body: '{"status":"not ready","missing":[{"part":"projection","reason":"catching up"}]}',
    });
    missing = undefined;
    expect(await get('/health/ready')).toEqual({ status: 200, body: '{"status":"ready"}' });
  });

  it('is not ready before its projections may be read, and then says when one of them stands still or is built anew', async () => {
    const serving: GenerationStatus = { generation: 3, role: 'serving', behind: 0 };
    const status: ProjectionStatus = { name: 'things', version: 2, isReady: false, generations: [] };
    watchProjections([{ status: () => status }], health, metrics);
    expect(await get('/health/ready')).toMatchObject({ status: 503, body: expect.stringContaining('"part":"projection things"') });
    Object.assign(status, { isReady: true, generations: [serving] });
    expect(await get('/health/ready')).toEqual({ status: 200, body: '{"status":"ready"}' });
    expect((await get('/metrics')).body).toMatch(/evenkeel_projection_hindered_seconds\{.*generation="3",role="serving".*\} 0/);

    const hindrance = { reason: 'things_v2 fails at Added thing-a@3: a bug', seconds: 75 };
    status.generations = [
      { ...serving, behind: 17, hindrance },
      { generation: 4, role: 'building', behind: 12_000 },
    ];
    const { status: code, body } = await get('/health/ready');
    expect(code).toBe(200);
    expect(JSON.parse(body).notices[0].notice).toBe(
      'generation 3 serves, 17 behind the end of the event store, and has not got on for 75 s: things_v2 fails at Added thing-a@3: a bug; ' +
        'generation 4 is being built, 12000 behind the end of the event store',
    );
    const shown = (await get('/metrics')).body;
    expect(shown).toMatch(/evenkeel_projection_hindered_seconds\{.*generation="3",role="serving".*\} 75/);
    expect(shown).toMatch(/evenkeel_projection_behind\{.*generation="4",role="building".*\} 12000/);
    status.generations = [{ ...serving, generation: 4 }];
    expect((await get('/metrics')).body).not.toContain('generation="3"');
  });

  it('shows metrics with their labels', async () => {
    metrics.count('evenkeel_things_total', 'Things', { kind: 'good' });
    metrics.count('evenkeel_things_total', 'Things', { kind: 'good' }, 2);
    metrics.gauge('evenkeel_open', 'Open', 7);
    metrics.observeSeconds('evenkeel_work_seconds', 'Work', 0.02, { name: 'x' });
    const { body } = await get('/metrics');
    expect(body).toContain('evenkeel_things_total{kind="good",service="test"} 3');
    expect(body).toContain('evenkeel_open{service="test"} 7');
    expect(body).toContain('evenkeel_work_seconds_bucket{le="0.025",service="test",name="x"} 1');
  });

  it('names its paths when asked for another one', async () => {
    expect(await get('/')).toMatchObject({ status: 404, body: expect.stringContaining('/health/ready') });
  });
});
