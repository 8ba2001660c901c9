import { HealthServer } from './health-server';
import { Metrics } from './metrics';

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
