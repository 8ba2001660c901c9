import { FailedHandshakes } from './failed-handshakes';

const FREE = 3;

function afterFailures(count: number, atMs = 0) {
  const failures = new FailedHandshakes(FREE);
  for (let index = 0; index < count; index += 1) failures.failed('cp1', '10.0.0.1', atMs);
  return failures;
}

it('RPC-39: a few failures cost nothing, then each one doubles the pause, up to a minute and never for ever', () => {
  const pauses = [1, 2, 3, 4, 5, 6, 20, 200].map((count) => afterFailures(count).pauseMs('cp1', '10.0.0.1', 0));
  expect(pauses).toEqual([0, 0, 1_000, 2_000, 4_000, 8_000, 60_000, 60_000]);
  expect(afterFailures(200).pauseMs('cp1', '10.0.0.1', 60_000)).toBe(0);
});

it('RPC-10: neither another station at the same address nor the same identity from elsewhere has to wait', () => {
  const failures = afterFailures(200);
  expect(failures.pauseMs('cp2', '10.0.0.1', 0)).toBe(0);
  expect(failures.pauseMs('cp1', '10.0.0.2', 0)).toBe(0);
});

it('RPC-10: many failures of an identity or from an address make each refusal slower, by five seconds at most', () => {
  const failures = new FailedHandshakes(FREE);
  const delays = Array.from({ length: 20 }, (_, index) => failures.failed(`cp${index}`, '10.0.0.1', 0));
  expect(delays.slice(0, 2 * FREE)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(delays.slice(2 * FREE, 2 * FREE + 3)).toEqual([100, 200, 400]);
  expect(delays.at(-1)).toBe(5_000);
});

it('RPC-39: a success, or ten minutes, wipes the slate', () => {
  const failures = afterFailures(10);
  failures.succeeded('cp1', '10.0.0.1');
  expect(failures.pauseMs('cp1', '10.0.0.1', 0)).toBe(0);
  const old = afterFailures(10);
  expect(old.failed('cp1', '10.0.0.1', 10 * 60_000)).toBe(0);
});

it('is bounded', () => {
  const failures = new FailedHandshakes(1);
  failures.failed('first', '10.0.0.1', 0);
  for (let index = 0; index < 20_000; index += 1) failures.failed(`cp${index}`, '10.0.0.2', 0);
  expect(failures.pauseMs('first', '10.0.0.1', 0)).toBe(0);
});
