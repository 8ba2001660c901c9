import { RouteTable } from './route-table';

describe('the route table', () => {
  const routes = new RouteTable();
  routes.add(['GET', 'HEAD'], '/ocpi/cpo/2.2.1/locations');
  routes.add('PUT', '/ocpi/cpo/2.2.1/tokens/:country/:party/:uid');

  it('knows the methods of a path', () => {
    expect(routes.methodsAt('/ocpi/cpo/2.2.1/locations?limit=5')).toEqual(['GET', 'HEAD']);
    expect(routes.methodsAt('/ocpi/cpo/2.2.1/locations/')).toEqual(['GET', 'HEAD']);
    expect(routes.methodsAt('/ocpi/cpo/2.2.1/tokens/US/MOB/1')).toEqual(['PUT']);
  });

  it('knows no method of another path', () => {
    expect(routes.methodsAt('/ocpi/cpo/2.2.1/tokens/US/MOB')).toEqual([]);
    expect(routes.methodsAt('/ocpi/cpo/2.2.1/elsewhere')).toEqual([]);
  });
});
