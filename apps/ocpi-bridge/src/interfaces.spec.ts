import { endpointsServed, hasMutualModule, otherRole, partnerEndpoint } from './interfaces';

describe('the interfaces of the two roles', () => {
  it('meet: what one side serves is what the other looks for', () => {
    for (const role of ['CPO', 'EMSP'] as const) {
      const theirs = endpointsServed('https://partner.example/ocpi', otherRole(role));
      expect(hasMutualModule(theirs, role)).toBe(true);
      for (const module of ['locations', 'tariffs', 'sessions', 'cdrs', 'tokens'] as const) {
        expect(partnerEndpoint(theirs, role, module)).toBe(`https://partner.example/ocpi/${otherRole(role).toLowerCase()}/2.2.1/${module}`);
      }
    }
  });

  it('do not meet between two of the same role', () => {
    expect(hasMutualModule(endpointsServed('https://partner.example/ocpi', 'CPO'), 'CPO')).toBe(false);
  });
});
