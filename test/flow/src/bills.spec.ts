// What each session costs on the OCPI CDR, from the frames of its station alone. The tariffs are those of the demonstration network.
import { Chain } from './chain';
import { drivers } from './demonstration-registry';
import { instant, summerDay, Transaction16, Transaction201, winterDay } from './frames';
import { afternoonSession, idlingSession, perKwhSession } from './stories';

const perKwhStation = 'CHG-SFO-AC-0001';
const idleFeeStation = 'CHG-SFO-DC-0001';
const timeOfDayStation = 'CHG-BRK-AC-0001';

const utc = (day: typeof winterDay, time: string) => new Date(instant(day, time)).toISOString();

describe('an OCPP 1.6 session', () => {
  it('at a price per kWh costs its energy', async () => {
    const chain = new Chain(perKwhStation, '1.6');
    await chain.hearAll(perKwhSession());
    // The register went from 1,204,500 to 1,216,845 Wh: 12.345 kWh at 0.45 are 5.55525, to the cent 5.56.
    expect(chain.delivered).toMatchObject([
      {
        wire: {
          country_code: 'US',
          party_id: 'CHG',
          start_date_time: utc(winterDay, '10:00'),
          end_date_time: utc(winterDay, '11:00'),
          cdr_token: { country_code: 'US', party_id: 'MOB', uid: drivers.roaming, type: 'RFID', contract_id: 'US-MOB-C00000042-7' },
          auth_method: 'AUTH_REQUEST',
          authorization_reference: `AUTH-${drivers.roaming}`,
          cdr_location: { id: 'LOC-SFO', evse_uid: `${perKwhStation}-1`, connector_standard: 'IEC_62196_T1' },
          currency: 'USD',
          tariffs: [{ id: 'CHG-KWH', elements: [{ price_components: [{ type: 'ENERGY', price: 0.45, step_size: 1 }] }] }],
          charging_periods: [
            {
              start_date_time: utc(winterDay, '10:00'),
              dimensions: [
                { type: 'ENERGY', volume: 12.345 },
                { type: 'TIME', volume: 1 },
              ],
            },
          ],
          total_cost: { before_taxes: 5.56 },
          total_energy: 12.345,
          total_energy_cost: { before_taxes: 5.56 },
          total_time: 1,
          total_parking_time: 0,
        },
        // MobilityYou prices the periods by the tariff on the CDR and comes to the same.
        checkedBeforeTaxes: '5.56',
      },
    ]);
  });

  it('with an idle fee costs its energy and the minutes begun after charging', async () => {
    const chain = new Chain(idleFeeStation, '1.6');
    await chain.hearAll(idlingSession());
    // 74.000 less 50.000 kWh are 24 at 0.56: 13.44. Idle from 10:42:30 to 10:50 are 7.5 minutes, billed by the minute begun: 8 of them at
    // 24.00 an hour are 3.20. Together 16.64.
    expect(chain.delivered).toMatchObject([
      {
        wire: {
          charging_periods: [
            {
              start_date_time: utc(winterDay, '10:00'),
              dimensions: [
                { type: 'ENERGY', volume: 24 },
                { type: 'TIME', volume: 0.7083 },
              ],
            },
            {
              start_date_time: utc(winterDay, '10:42:30'),
              dimensions: [
                { type: 'ENERGY', volume: 0 },
                { type: 'PARKING_TIME', volume: 0.125 },
              ],
            },
          ],
          total_cost: { before_taxes: 16.64 },
          total_energy: 24,
          total_energy_cost: { before_taxes: 13.44 },
          // 50 minutes in all, as hours.
          total_time: 0.8333,
          total_parking_time: 0.125,
          total_parking_cost: { before_taxes: 3.2 },
        },
        checkedBeforeTaxes: '16.64',
      },
    ]);
  });

  it('whose token is refused is answered so and has no CDR', async () => {
    for (const [idTag, status] of [
      [drivers.refused, 'Blocked'],
      ['NOBODY-KNOWS-IT', 'Invalid'],
    ] as const) {
      const chain = new Chain(perKwhStation, '1.6');
      const [start = '', ...rest] = perKwhSession(idTag);
      expect(JSON.parse(await chain.hear(start))).toEqual([3, expect.any(String), { transactionId: 1, idTagInfo: { status } }]);
      await chain.hearAll(rest);
      expect(chain.delivered).toEqual([]);
    }
  });
});

describe('an OCPP 2.0.1 session', () => {
  it.each([winterDay, summerDay])('across 4 pm of the time-of-day tariff pays both prices ($date)', async (day) => {
    const chain = new Chain(timeOfDayStation, '2.0.1');
    await chain.hearAll(afternoonSession(day));
    // At 4 pm by California's clocks the register stood half way between 102.4 and 105.4, at 103.9: 3.9 kWh at 0.39 are 1.521, the other
    // 4.6 at 0.62 are 2.852. Together 4.373, to the cent 4.37.
    expect(chain.delivered).toMatchObject([
      {
        wire: {
          charging_periods: [
            {
              start_date_time: utc(day, '15:30'),
              dimensions: [
                { type: 'ENERGY', volume: 3.9 },
                { type: 'TIME', volume: 0.5 },
              ],
            },
            {
              start_date_time: utc(day, '16:00'),
              dimensions: [
                { type: 'ENERGY', volume: 4.6 },
                { type: 'TIME', volume: 0.5 },
              ],
            },
          ],
          total_cost: { before_taxes: 4.37 },
          total_energy: 8.5,
          total_time: 1,
        },
        checkedBeforeTaxes: '4.37',
      },
    ]);
  });
});

describe('a fact that comes after the bill', () => {
  it('takes the CDR back with a credit and is billed in a new one', async () => {
    const chain = new Chain(timeOfDayStation, '2.0.1');
    const it = new Transaction201(drivers.roaming, winterDay);
    const [started, late, ended] = [it.started('15:30', 100), it.reading('16:00', 103.9), it.ended('16:30', 108.5)];
    await chain.hearAll([started, ended]);
    // Without a reading in between, 8.5 kWh flowed evenly: 4.25 at 0.39 are 1.6575, 4.25 at 0.62 are 2.635. Together 4.2925, 4.29.
    expect(chain.delivered).toMatchObject([{ wire: { total_cost: { before_taxes: 4.29 } }, checkedBeforeTaxes: '4.29' }]);

    await chain.hear(late);
    // The station had kept the reading of 4 pm: 3.9 kWh at 0.39 and 4.6 at 0.62 are 4.373, 4.37.
    const [first, credit, corrected] = chain.delivered.map(({ wire }) => wire);
    expect(chain.delivered).toHaveLength(3);
    expect(credit).toEqual({
      ...first,
      id: `${first?.id}-CR`,
      credit: true,
      credit_reference_id: first?.id,
      total_cost: { before_taxes: -4.29, taxes: [] },
    });
    expect(corrected).toMatchObject({ session_id: first?.session_id, total_cost: { before_taxes: 4.37 }, total_energy: 8.5 });
    expect(corrected).not.toHaveProperty('credit');
    expect(corrected?.id).not.toBe(first?.id);
    expect(chain.delivered[2]?.checkedBeforeTaxes).toBe('4.37');
  });

  it('and changes no figure changes no bill', async () => {
    const chain = new Chain(perKwhStation, '1.6');
    const it = new Transaction16(drivers.roaming);
    await chain.hearAll([it.start('10:00', 0), it.status('10:00', 'Charging'), it.stop('11:00', 6_000)]);
    await chain.hear(it.reading('10:30', 3_000));
    expect(chain.delivered).toHaveLength(1);
  });
});
