import { isStationAction } from '@evenkeel/ocpp';
import { routeOf, routes } from './routes';

it('every route is an action that a station of its version may send, and is there once', () => {
  for (const { version, action } of routes) expect([action, isStationAction(version, action)]).toEqual([action, true]);
  expect(new Set(routes.map(({ version, action }) => `${version} ${action}`)).size).toBe(routes.length);
});

it.each([
  [
    '1.6',
    [
      'Authorize',
      'BootNotification',
      'DataTransfer',
      'Heartbeat',
      'MeterValues',
      'StartTransaction',
      'StatusNotification',
      'StopTransaction',
    ],
  ],
  [
    '2.0.1',
    ['Authorize', 'BootNotification', 'DataTransfer', 'Heartbeat', 'MeterValues', 'NotifyEvent', 'StatusNotification', 'TransactionEvent'],
  ],
] as const)('OCPP %s has routes for %j', (version, actions) => {
  expect(routes.filter((route) => route.version === version).map(({ action }) => action)).toEqual(actions);
  for (const action of actions) expect(routeOf(version, action)?.action).toBe(action);
});

it('an action of another version, of another direction or in other letters has no route', () => {
  expect(routeOf('1.6', 'TransactionEvent')).toBeUndefined();
  expect(routeOf('2.0.1', 'StartTransaction')).toBeUndefined();
  expect(routeOf('1.6', 'RemoteStartTransaction')).toBeUndefined();
  expect(routeOf('1.6', 'heartbeat')).toBeUndefined();
  expect(routeOf('1.6', 'constructor')).toBeUndefined();
});
