import { readRouting, writeRouting } from './routing';

describe('routing headers', () => {
  it('HDR-3: come back as they were written, whatever their case', () => {
    const headers = writeRouting({ from: 'US-CHG', to: 'US-MOB' });
    expect(headers).toEqual({
      'ocpi-from-country-code': 'US',
      'ocpi-from-party-id': 'CHG',
      'ocpi-to-country-code': 'US',
      'ocpi-to-party-id': 'MOB',
    });
    expect(readRouting(headers)).toEqual({ from: 'US-CHG', to: 'US-MOB' });
    expect(readRouting({ 'ocpi-to-country-code': 'us', 'ocpi-to-party-id': 'mob' })).toEqual({ to: 'US-MOB' });
  });

  it('count only in pairs', () => {
    expect(readRouting({ 'ocpi-from-country-code': 'US' })).toEqual({});
  });
});
