import { stationActions } from '@evenkeel/ocpp';
import { routeOf, routes } from './routes';

it.each(['1.6', '2.0.1', '2.1'] as const)('OCPP %s: every action that a station may send has a route, and nothing else has', (version) => {
  expect(
    routes
      .filter((route) => route.version === version)
      .map(({ action }) => action)
      .sort(),
  ).toEqual(stationActions(version));
  for (const action of stationActions(version)) expect(routeOf(version, action)).toMatchObject({ version, action });
});

it('an action of another version, of another direction or in other letters has no route', () => {
  expect(routeOf('1.6', 'TransactionEvent')).toBeUndefined();
  expect(routeOf('2.0.1', 'StartTransaction')).toBeUndefined();
  expect(routeOf('1.6', 'RemoteStartTransaction')).toBeUndefined();
  expect(routeOf('1.6', 'heartbeat')).toBeUndefined();
  expect(routeOf('1.6', 'constructor')).toBeUndefined();
});
