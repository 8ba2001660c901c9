import { type Cdr, type ChargingPeriod, mismatch, PartnerCdr } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import fc from 'fast-check';
import { fromPeriods, toPeriods } from './charging-period';
import { bearer, cdr, token } from './fixtures';
import { fromOcpiCdr } from './from-ocpi-cdr';
import { toOcpiCdr } from './to-ocpi-cdr';

function written(from: Cdr) {
  const result = toOcpiCdr(from, bearer);
  if (!result.ok) throw new Error(result.reason);
  return result;
}

describe('our CDR on the wire', () => {
  it('carries kWh, hours, and prices before taxes with the taxes by name', () => {
    const { wire, losses } = written(cdr);
    expect(losses).toEqual([]);
    expect(wire).toMatchObject({
      country_code: 'US',
      party_id: 'CHG',
      session_id: cdr.sessionId,
      cdr_token: { country_code: 'US', party_id: 'MOB', uid: '04A1B2C3', type: 'RFID', contract_id: 'US-MOB-C1' },
      authorization_reference: 'REF-1',
      cdr_location: { id: 'HARBOR', evse_id: 'US*CHG*E7*1', coordinates: { latitude: '37.80000', longitude: '-122.2712346' } },
      total_cost: { before_taxes: 4.25, taxes: [{ name: 'CA', amount: 0.4 }] },
      total_energy: 5,
      total_energy_cost: { before_taxes: 2.25 },
      total_time: 1,
      total_parking_time: 0.3333,
      total_parking_cost: { before_taxes: 2 },
      tariffs: [{ id: 'DAY' }],
    });
    expect(wire.charging_periods).toEqual([
      {
        start_date_time: '2026-03-01T10:00:00.000Z',
        dimensions: [
          { type: 'ENERGY', volume: 5 },
          { type: 'TIME', volume: 0.6667 },
          { type: 'MAX_POWER', volume: 11 },
        ],
        tariff_id: 'DAY',
      },
      {
        start_date_time: '2026-03-01T10:40:00.000Z',
        dimensions: [
          { type: 'ENERGY', volume: 0 },
          { type: 'PARKING_TIME', volume: 0.3333 },
        ],
        tariff_id: 'DAY',
      },
    ]);
    expect(wire).not.toHaveProperty('signed_data');
    expect(wire).not.toHaveProperty('total_time_cost');
  });

  it('names what stands in for something: the uid of an EVSE without an eMI3 id', () => {
    const { evseEmi3Id: _, ...place } = cdr.place;
    const { wire, losses } = written({ ...cdr, place });
    expect(wire.cdr_location.evse_id).toBe('HARBOR-1');
    expect(losses).toHaveLength(1);
  });

  it('is not sent where a strict partner would refuse it', () => {
    const { ok } = toOcpiCdr({ ...cdr, place: { ...cdr.place, address: 'x'.repeat(256) } }, bearer);
    expect(ok).toBe(false);
  });

  it('SCD-8: carries signed readings as the meter signed them, and the key that a station told with any of them', () => {
    const record = 'OCMF|{"FV":"1.0"}|{"SD":"00"}';
    const base64 = Buffer.from(record).toString('base64');
    const start = { nature: 'Start', encodingMethod: 'OCMF', publicKey: 'key', data: record } as const;
    const end = { nature: 'End', encodingMethod: 'OCMF', data: base64 } as const;
    const signed = (...readings: (typeof start | typeof end)[]) => toOcpiCdr(cdr, bearer, readings);
    expect(signed(start, end)).toMatchObject({
      ok: true,
      wire: {
        signed_data: {
          encoding_method: 'OCMF',
          public_key: 'key',
          signed_values: [
            { nature: 'Start', plain_data: record, signed_data: base64 },
            { nature: 'End', plain_data: record, signed_data: base64 },
          ],
        },
      },
    });
    const tooLong = signed({ ...start, data: `OCMF|${'x'.repeat(5_000)}` as typeof record });
    expect(tooLong).toMatchObject({ ok: true, losses: ['without its signed meter data: a record is too long'] });
    expect(tooLong.ok && 'signed_data' in tooLong.wire).toBe(false);
    const opaque = signed({ ...end, encodingMethod: 'EDL' as 'OCMF', data: 'AAECAwQ=' });
    expect(opaque).toMatchObject({ wire: { signed_data: { signed_values: [{ plain_data: '', signed_data: 'AAECAwQ=' }] } } });
  });

  it('marks a credit', () => {
    const credit: Cdr = { ...cdr, credit: true, creditReferenceId: 'first', total: { beforeTaxes: '-4.25' } };
    expect(written(credit).wire).toMatchObject({ credit: true, credit_reference_id: 'first', total_cost: { before_taxes: -4.25 } });
  });
});

describe("a partner's CDR", () => {
  it('comes back in Wh, seconds and decimal text, and fits what billing reads', () => {
    const partnerCdr = fromOcpiCdr(JSON.parse(JSON.stringify(written(cdr).wire)), 'partner-1', token, 'America/Los_Angeles');
    expect(mismatch(PartnerCdr, partnerCdr)).toBeUndefined();
    expect(partnerCdr).toMatchObject({
      partnerId: 'partner-1',
      cdrId: cdr.cdrId,
      party: 'US-CHG',
      token,
      energyWh: '5000',
      durationSeconds: 3600,
      place: { locationId: cdr.place.locationId, name: cdr.place.name, address: cdr.place.address, city: cdr.place.city },
      total: { beforeTaxes: '4.25', afterTaxes: '4.65', taxes: [{ name: 'CA', amount: '0.4' }] },
      tariff: cdr.tariff,
      credit: false,
      periods: [
        { startedAt: '2026-03-01T10:00:00.000Z', kind: 'charging', energyWh: '5000', maxPowerW: '11000' },
        { startedAt: '2026-03-01T10:40:00.000Z', kind: 'parking', energyWh: '0' },
      ],
    });
  });

  it('with several tariffs names none: which one applied would be a guess', () => {
    const { wire } = written(cdr);
    expect(fromOcpiCdr({ ...wire, tariffs: [...(wire.tariffs ?? []), ...(wire.tariffs ?? [])] }, 'p', token)).not.toHaveProperty('tariff');
  });

  it('may put charging and parking into one period', () => {
    const dimensions = [
      { type: 'PARKING_TIME', volume: 0.25 },
      { type: 'ENERGY', volume: 7.5 },
      { type: 'TIME', volume: 0.5 },
    ];
    expect(fromPeriods([{ start_date_time: '2026-03-01T10:00:00', dimensions }])).toEqual([
      { startedAt: '2026-03-01T10:00:00.000Z', kind: 'parking', reportedSeconds: 900, energyWh: '0', evidence: [] },
      { startedAt: '2026-03-01T10:00:00.000Z', kind: 'charging', reportedSeconds: 1800, energyWh: '7500', evidence: [] },
    ]);
  });
});

const someCdr = fc
  .array(
    fc.record({
      seconds: fc.integer({ min: 1, max: 50_000 }),
      kind: fc.constantFrom('charging', 'parking'),
      deciWh: fc.integer({ min: 0, max: 3_000_000 }),
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((stretches): Cdr => {
    const startMs = Date.parse(cdr.startedAt);
    let atMs = startMs;
    let totalDeciWh = 0n;
    const periods = stretches.map(({ seconds, kind, deciWh }): ChargingPeriod => {
      const period = {
        startedAt: new Date(atMs).toISOString(),
        kind: kind as 'charging',
        energyWh: Decimal.of(BigInt(deciWh), 1).toString(),
        evidence: [],
      };
      atMs += seconds * 1000;
      totalDeciWh += BigInt(deciWh);
      return period;
    });
    const durationSeconds = (atMs - startMs) / 1000;
    return { ...cdr, periods, endedAt: new Date(atMs).toISOString(), durationSeconds, energyWh: Decimal.of(totalDeciWh, 1).toString() };
  });

describe('any CDR', () => {
  it('survives the wire: kinds, starts, energy and duration', () => {
    fc.assert(
      fc.property(someCdr, (any) => {
        const back = fromOcpiCdr(JSON.parse(JSON.stringify(written(any).wire)), 'p', token);
        expect(back.durationSeconds).toBe(any.durationSeconds);
        expect(Decimal.parse(back.energyWh).equals(Decimal.parse(any.energyWh))).toBe(true);
        const essence = ({ startedAt, kind, energyWh }: ChargingPeriod) => [startedAt, kind, Number(energyWh)];
        expect(back.periods.map(essence)).toEqual(any.periods.map(essence));
      }),
      { numRuns: 150 },
    );
  });

  it('TYP-3: has periods that add up to its totals, and no number with more than four decimals', () => {
    const finerEnergy = someCdr.map((any) => ({
      ...any,
      periods: any.periods.map((period) => ({ ...period, energyWh: `${period.energyWh}37` })),
    }));
    fc.assert(
      fc.property(finerEnergy, (any) => {
        const exact = any.periods.reduce((sum, { energyWh }) => sum.add(Decimal.parse(energyWh)), Decimal.ZERO);
        const { wire } = written({ ...any, energyWh: exact.toString() });
        const volumes = (...types: string[]) =>
          wire.charging_periods
            .flatMap(({ dimensions }) => dimensions.filter(({ type }) => types.includes(type)))
            .reduce((sum, { volume }) => sum.add(Decimal.fromJsonNumber(volume)), Decimal.ZERO);
        expect(volumes('ENERGY').equals(Decimal.fromJsonNumber(wire.total_energy))).toBe(true);
        expect(volumes('TIME', 'PARKING_TIME').equals(Decimal.fromJsonNumber(wire.total_time))).toBe(true);
        const numbers = JSON.stringify(wire).match(/(?<=":)-?[\d.eE+-]+/g) ?? [];
        expect(numbers.filter((number) => !/^-?\d+(\.\d{1,4})?$/.test(number))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('of a session still running is measured up to now', () => {
    const [period] = toPeriods([cdr.periods[0] as ChargingPeriod], '2026-03-01T10:15:00.000Z', 'DAY');
    expect(period?.dimensions[1]).toEqual({ type: 'TIME', volume: 0.25 });
  });
});
