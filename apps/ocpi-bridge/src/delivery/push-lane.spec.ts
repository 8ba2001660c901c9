import { PushLane } from './push-lane';

const lane = () => new PushLane(1_000, 15_000);

describe('a lane to a partner', () => {
  it('carries several requests at once', () => {
    const open = lane();
    for (let count = 0; count < 16; count++) {
      expect(open.isOpen(0)).toBe(true);
      open.enter();
    }
    expect(open.isOpen(0)).toBe(false);
    open.leave();
    expect(open.isOpen(0)).toBe(true);
  });

  it('probes a silent partner with one request at a time, in growing pauses', () => {
    const silent = lane();
    expect(silent.silent(0)).toBe(1_000);
    expect(silent.isOpen(999)).toBe(false);
    expect(silent.isOpen(1_000)).toBe(true);
    silent.enter();
    expect(silent.isOpen(1_000)).toBe(false);
    silent.leave();
    expect([silent.silent(1_000), silent.silent(3_000), silent.silent(7_000), silent.silent(15_000), silent.silent(30_000)]).toEqual([
      3_000, 7_000, 15_000, 30_000, 45_000,
    ]);
    silent.answered();
    silent.enter();
    expect(silent.isOpen(45_000)).toBe(true);
  });

  it('leaves a partner alone that refuses a token, until there is another one', () => {
    const refused = lane();
    refused.refused(0, 'token');
    refused.sends('token');
    expect([refused.isRefused, refused.isOpen(299_999), refused.isOpen(300_000)]).toEqual([true, false, true]);
    refused.sends('another');
    expect([refused.isRefused, refused.isOpen(1)]).toEqual([false, true]);
    refused.pause(1, 5_000);
    refused.sends('a third');
    expect(refused.isOpen(5_000)).toBe(false);
  });

  it('waits as long as it was asked to', () => {
    const patient = lane();
    patient.pause(0, 5_000);
    patient.pause(0, 2_000);
    expect(patient.isOpen(4_999)).toBe(false);
    expect(patient.isOpen(5_000)).toBe(true);
  });
});
