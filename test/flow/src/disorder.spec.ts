// The bill is a function of the set of frames: whatever comes twice, late or in another order, the CDR that stands in the end is the same.
import fc from 'fast-check';
import { Chain, type Delivered } from './chain';
import { repeated, winterDay } from './frames';
import { afternoonSession, cardAfterCableSession, idlingSession, perKwhSession } from './stories';

const sessions = [
  { name: 'OCPP 1.6, per kWh', stationId: 'CHG-SFO-AC-0001', version: '1.6', frames: perKwhSession(), total: 5.56 },
  { name: 'OCPP 1.6, idle fee', stationId: 'CHG-SFO-DC-0001', version: '1.6', frames: idlingSession(), total: 16.64 },
  { name: 'OCPP 2.0.1, time of day', stationId: 'CHG-BRK-AC-0001', version: '2.0.1', frames: afternoonSession(winterDay), total: 4.37 },
  // 12 kWh at 0.45.
  { name: 'OCPP 2.0.1, card after cable', stationId: 'CHG-SFO-AC-0002', version: '2.0.1', frames: cardAfterCableSession(), total: 5.4 },
] as const;

describe.each(sessions)('$name', ({ stationId, version, frames, total }) => {
  async function deliveredFor(heard: readonly string[]): Promise<Delivered[]> {
    const chain = new Chain(stationId, version);
    await chain.hearAll(heard);
    return chain.delivered;
  }

  it('costs the same when each frame comes three times', async () => {
    const thrice = frames.flatMap((frame) => [frame, repeated(frame), repeated(frame)]);
    expect(await deliveredFor(thrice)).toEqual(await deliveredFor(frames));
  });

  it('costs the same when the whole session is told again', async () => {
    expect(await deliveredFor([...frames, ...frames.map(repeated)])).toEqual(await deliveredFor(frames));
  });

  it('costs the same when the last frame comes first', async () => {
    expect(billed(standing(await deliveredFor([...frames].reverse())))).toEqual(billed(standing(await deliveredFor(frames))));
  });

  it('costs the same in any order, with any repetition', async () => {
    const inOrder = standing(await deliveredFor(frames));
    expect(inOrder.wire.total_cost.before_taxes).toBe(total);
    const anyOrder = fc
      .array(fc.constantFrom(...frames), { maxLength: 4 })
      .chain((again) => fc.shuffledSubarray([...frames, ...again.map(repeated)], { minLength: frames.length + again.length }));
    await fc.assert(
      fc.asyncProperty(anyOrder, async (heard) => {
        const delivered = await deliveredFor(heard);
        expect(billed(standing(delivered))).toEqual(billed(inOrder));
        // What was asked and taken back on the way there adds up to what is owed.
        const cents = delivered.reduce((sum, { wire }) => sum + Math.round(wire.total_cost.before_taxes * 100), 0);
        expect(cents).toBe(Math.round(total * 100));
      }),
      { numRuns: 40 },
    );
  });
});

/** The only CDR that no credit takes back. */
function standing(delivered: readonly Delivered[]): Delivered {
  const credited = new Set(delivered.map(({ wire }) => wire.credit_reference_id));
  const left = delivered.filter(({ wire }) => wire.credit !== true && !credited.has(wire.id));
  const [only] = left;
  if (only === undefined || left.length > 1) throw new Error(`${left.length} of ${delivered.length} CDRs stand`);
  return only;
}

/** A CDR that came about in a detour has a number of its own. */
function billed({ wire: { id: _, ...content }, checkedBeforeTaxes }: Delivered) {
  return { ...content, checkedBeforeTaxes };
}
