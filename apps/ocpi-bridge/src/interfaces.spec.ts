import { versionNumbers } from '@evenkeel/ocpi';
import { endpointsServed, hasMutualModule, otherRole, partnerEndpoint } from './interfaces';

describe('the interfaces of the two roles', () => {
  it('SEC-5: meet: what one side serves is what the other looks for', () => {
    const pairs = (['CPO', 'EMSP'] as const).flatMap((role) => versionNumbers.map((version) => [role, version] as const));
    for (const [role, version] of pairs) {
      const theirs = endpointsServed('https://partner.example/ocpi', otherRole(role), version);
      expect(hasMutualModule(theirs, role)).toBe(true);
      for (const module of ['locations', 'tariffs', 'sessions', 'cdrs', 'tokens', 'commands'] as const) {
        const url = `https://partner.example/ocpi/${otherRole(role).toLowerCase()}/${version}/${module}`;
        expect(partnerEndpoint(theirs, role, module)).toBe(url);
      }
      // OCPI 2.1.1 has no charging profiles.
      expect(partnerEndpoint(theirs, role, 'chargingprofiles') !== undefined).toBe(version !== '2.1.1');
    }
  });

  it('take what hubs say, but in the version that has no hubs', () => {
    for (const role of ['CPO', 'EMSP'] as const) {
      const rolesOf = (version: (typeof versionNumbers)[number]) =>
        endpointsServed('https://partner.example/ocpi', role, version).flatMap((each) =>
          each.identifier === 'hubclientinfo' ? each.role : [],
        );
      expect(versionNumbers.map(rolesOf)).toEqual([['RECEIVER'], ['RECEIVER'], []]);
    }
  });

  it('do not meet between two of the same role', () => {
    expect(hasMutualModule(endpointsServed('https://partner.example/ocpi', 'CPO', '2.3.0'), 'CPO')).toBe(false);
  });
});
