import { IdentityHash, mismatch, StationFact } from '@evenkeel/contracts';
import type { Request } from '@evenkeel/ocpp';
import type { FactOrigin } from './fact-origin';
import { bootFrom16, meterValuesFrom16, startFrom16, startKeyFrom16, statusFrom16, stopFrom16 } from './from-v16';

const identity = new IdentityHash('1d'.repeat(32));

function origin(change: Partial<FactOrigin> = {}): FactOrigin {
  const receivedAt = '2026-03-01T10:00:05.000Z';
  return { party: 'US-CHG', stationId: 'CP 1', ocppVersion: '1.6', messageId: 'm1', receivedAt, deviations: [], identity, ...change };
}

/** The same message again: another message id, another time of receipt. */
const repeated = () => origin({ messageId: 'm2', receivedAt: '2026-03-01T10:09:00.000Z' });

type Start = Request<'1.6', 'StartTransaction'>;
type Sampled = Request<'1.6', 'MeterValues'>['meterValue'][number]['sampledValue'][number];

const start: Start = { connectorId: 2, idTag: 'OK1', meterStart: 1000, timestamp: '2026-03-01T10:00:00Z' };
const started = { startKey: 'key', transactionId: 7, verdict: 'Accepted' };

function meterValues(...sampledValue: [Sampled, ...Sampled[]]): Request<'1.6', 'MeterValues'> {
  return { connectorId: 1, transactionId: 7, meterValue: [{ timestamp: '2026-03-01T10:15:00+01:00', sampledValue }] };
}

describe('a StartTransaction', () => {
  it('becomes the start of a transaction at the EVSE with the number of the connector', () => {
    expect(startFrom16(origin(), start, started)).toMatchObject({
      kind: 'transaction-reported',
      phase: 'started',
      transactionId: '7',
      evseId: 2,
      connectorId: 2,
      token: identity.referenceTo({ uid: 'ok1', type: 'RFID' }),
      meterStartWh: '1000',
      tokenVerdict: 'Accepted',
      at: '2026-03-01T10:00:00.000Z',
      receivedAt: '2026-03-01T10:00:05.000Z',
    });
  });

  it('TX-11: has one natural key for every spelling of the same start, and another for any other start', () => {
    const key = startKeyFrom16(origin(), start);
    expect(startKeyFrom16(repeated(), { ...start, idTag: 'ok1', timestamp: '2026-03-01T11:00:00.000+01:00' })).toBe(key);
    expect(startKeyFrom16(origin({ stationId: 'cp 1' }), start)).toBe(key);
    const others: Partial<Start>[] = [{ connectorId: 1 }, { idTag: 'OK2' }, { meterStart: 1001 }, { timestamp: '2026-03-01T10:00:01Z' }];
    for (const other of others) expect(startKeyFrom16(origin(), { ...start, ...other })).not.toBe(key);
  });

  it('keeps decimals of the register and names no token that is longer than 20 characters', () => {
    const fact = startFrom16(origin(), { ...start, meterStart: 1000.5, idTag: 'X'.repeat(21) }, { ...started, verdict: 'Invalid' });
    expect(fact.meterStartWh).toBe('1000.5');
    expect(fact.token).toBeUndefined();
  });
});

describe('a StopTransaction', () => {
  const stop: Request<'1.6', 'StopTransaction'> = { transactionId: 7, meterStop: 6000, timestamp: '2026-03-01T11:10:00Z' };

  it('becomes the end of its transaction; an absent reason means Local', () => {
    const fact = stopFrom16(origin(), stop, undefined);
    expect(fact).toMatchObject({ phase: 'ended', transactionId: '7', meterStopWh: '6000', stopReason: 'Local', samples: [] });
    expect(fact.token).toBeUndefined();
    expect(stopFrom16(origin(), { ...stop, idTag: 'OK2', reason: 'PowerLoss' }, 'Accepted')).toMatchObject({
      token: identity.referenceTo({ uid: 'OK2', type: 'RFID' }),
      tokenVerdict: 'Accepted',
      stopReason: 'PowerLoss',
    });
  });

  it('carries the readings of transactionData', () => {
    const transactionData: NonNullable<typeof stop.transactionData> = [
      { timestamp: '2026-03-01T11:10:00Z', sampledValue: [{ value: '6.0', unit: 'kWh', context: 'Transaction.End' }] },
    ];
    expect(stopFrom16(origin(), { ...stop, transactionData }, undefined).samples).toEqual([
      { at: '2026-03-01T11:10:00.000Z', measurand: 'Energy.Active.Import.Register', value: '6000', unit: 'Wh', context: 'Transaction.End' },
    ]);
  });
});

describe('MeterValues', () => {
  it('TX-51: fill in what the wire leaves out, in base units', () => {
    const { samples } = meterValuesFrom16(
      origin(),
      meterValues(
        { value: '12.345', unit: 'kWh', phase: 'L1', location: 'Inlet' },
        { value: '7.2', measurand: 'Power.Active.Import', unit: 'kW' },
        { value: '16', measurand: 'Current.Import' },
        { value: '21.5', measurand: 'Temperature', unit: 'Celcius' },
        { value: '80', measurand: 'SoC' },
      ),
    );
    const at = '2026-03-01T09:15:00.000Z';
    expect(samples).toEqual([
      { at, measurand: 'Energy.Active.Import.Register', value: '12345', unit: 'Wh', phase: 'L1', location: 'Inlet' },
      { at, measurand: 'Power.Active.Import', value: '7200', unit: 'W' },
      { at, measurand: 'Current.Import', value: '16', unit: 'A' },
      { at, measurand: 'Temperature', value: '21.5', unit: 'Celsius' },
      { at, measurand: 'SoC', value: '80', unit: 'Percent' },
    ]);
  });

  it('keep signed data byte for byte and take no number out of it', () => {
    const data = 'OCMF|{"RV":6000.0}|{"SD":"3044"}';
    const fact = meterValuesFrom16(origin(), meterValues({ value: data, format: 'SignedData', context: 'Transaction.End' }));
    expect(fact).toMatchObject({
      samples: [],
      signedRecords: [{ data, measurand: 'Energy.Active.Import.Register', context: 'Transaction.End' }],
    });
  });

  it('leave out what is no number, and say so', () => {
    const fact = meterValuesFrom16(origin(), meterValues({ value: 'n/a' }, { value: '5' }));
    expect(fact).toMatchObject({ samples: [{ value: '5' }], deviations: ['unreadableReading'] });
  });

  it.each([undefined, 0, -1])('TX-26: belong to the connector when the transaction id is %s', (transactionId) => {
    const fact = meterValuesFrom16(origin(), { ...meterValues({ value: '5' }), transactionId });
    expect(fact).toMatchObject({ kind: 'meter-values-reported', evseId: 1, samples: [{ value: '5' }] });
  });

  it('have the id of what they say, not of their frame', () => {
    const { factId } = meterValuesFrom16(origin(), meterValues({ value: '5' }));
    expect(meterValuesFrom16(repeated(), meterValues({ value: '5' })).factId).toBe(factId);
    expect(meterValuesFrom16(origin(), meterValues({ value: '6' })).factId).not.toBe(factId);
    expect(meterValuesFrom16(origin({ stationId: 'CP 2' }), meterValues({ value: '5' })).factId).not.toBe(factId);
  });
});

describe('a StatusNotification', () => {
  it.each([
    ['Available', 'Idle'],
    ['Preparing', 'EVConnected'],
    ['Charging', 'Charging'],
    ['SuspendedEV', 'SuspendedEV'],
    ['SuspendedEVSE', 'SuspendedEVSE'],
    ['Finishing', 'EVConnected'],
    ['Reserved', undefined],
    ['Unavailable', undefined],
    ['Faulted', undefined],
  ] as const)('%s says about the charging: %s', (status, chargingState) => {
    const fact = statusFrom16(origin(), { connectorId: 1, status, errorCode: 'NoError', timestamp: '2026-03-01T10:00:00Z' });
    expect(fact).toMatchObject({ evseId: 1, connectorId: 1, status });
    expect(fact.chargingState).toBe(chargingState);
    expect(fact.errorCode).toBeUndefined();
  });

  it('without a time happened when it was received; an unreadable time is noted, not refused', () => {
    const status = { connectorId: 0, status: 'Faulted', errorCode: 'GroundFailure' } as const;
    expect(statusFrom16(origin(), status)).toMatchObject({ at: '2026-03-01T10:00:05.000Z', evseId: 0, errorCode: 'GroundFailure' });
    expect(statusFrom16(origin(), { ...status, timestamp: 'yesterday' })).toMatchObject({
      at: '2026-03-01T10:00:05.000Z',
      deviations: ['unreadableTimestamp'],
    });
    expect(statusFrom16(origin(), { ...status, timestamp: '2026-03-01T10:00:00' })).toMatchObject({
      at: '2026-03-01T10:00:00.000Z',
      deviations: ['zoneAssumed'],
    });
  });
});

it('every fact fits its contract, whatever numbers the station made up', () => {
  const facts = [
    bootFrom16(origin(), { chargePointVendor: 'V', chargePointModel: 'M' }),
    statusFrom16(origin(), { connectorId: -1, status: 'Available', errorCode: 'NoError' }),
    startFrom16(origin(), { ...start, connectorId: -5, meterStart: -3 }, started),
    stopFrom16(origin(), { transactionId: -1, meterStop: -1, timestamp: 'never' }, 'Invalid'),
    meterValuesFrom16(origin(), { connectorId: -1, meterValue: JSON.parse('[]') }),
  ];
  for (const fact of facts) expect(mismatch(StationFact, fact)).toBeUndefined();
});
