import { IdentityHash, mismatch, StationFact } from '@evenkeel/contracts';
import type { Request } from '@evenkeel/ocpp';
import type { FactOrigin } from './fact-origin';
import { bootFromV2, meterValuesFromV2, statusFromV2, tokenFromV2, transactionEventFromV2 } from './from-v2';
import { noticeFact } from './notice';

const identity = new IdentityHash('1d'.repeat(32));

function origin(change: Partial<FactOrigin> = {}): FactOrigin {
  const receivedAt = '2026-03-01T10:00:05.000Z';
  return { party: 'US-CHG', stationId: 'CP1', ocppVersion: '2.0.1', messageId: 'm1', receivedAt, deviations: [], identity, ...change };
}

type TransactionEvent = Request<'2.0.1', 'TransactionEvent'>;
type MeterValue = NonNullable<TransactionEvent['meterValue']>[number];

function event(change: Partial<TransactionEvent> = {}): TransactionEvent {
  return {
    eventType: 'Updated',
    timestamp: '2026-03-01T10:07:00Z',
    triggerReason: 'ChargingStateChanged',
    seqNo: 3,
    transactionInfo: { transactionId: 'tx-1', chargingState: 'Charging' },
    ...change,
  };
}

function reading(sampled: MeterValue['sampledValue'][number]): [MeterValue] {
  return [{ timestamp: '2026-03-01T10:07:00Z', sampledValue: [sampled] }];
}

describe('a TransactionEvent', () => {
  it('becomes the report of its transaction, with all it says', () => {
    const said = event({
      eventType: 'Ended',
      triggerReason: 'RemoteStop',
      offline: true,
      reservationId: 4,
      evse: { id: 2, connectorId: 1 },
      idToken: { idToken: 'OK1', type: 'ISO14443' },
      transactionInfo: { transactionId: 'tx-1', stoppedReason: 'Remote', remoteStartId: 9 },
    });
    expect(transactionEventFromV2(origin(), said, 'Accepted')).toMatchObject({
      kind: 'transaction-reported',
      phase: 'ended',
      transactionId: 'tx-1',
      at: '2026-03-01T10:07:00.000Z',
      evseId: 2,
      connectorId: 1,
      token: identity.referenceTo({ uid: 'ok1', type: 'RFID' }),
      tokenVerdict: 'Accepted',
      sequenceNumber: 3,
      trigger: 'RemoteStop',
      offline: true,
      stopReason: 'Remote',
      remoteStartId: 9,
      reservationId: 4,
    });
  });

  it('TX-76: ends for the reason Local when it names none, and only an end has a reason', () => {
    expect(transactionEventFromV2(origin(), event({ eventType: 'Ended' }), undefined).stopReason).toBe('Local');
    expect(transactionEventFromV2(origin(), event(), undefined).stopReason).toBeUndefined();
  });

  it('TX-62: is the same fact when it is repeated as offline, and another when it says something else', () => {
    const { factId } = transactionEventFromV2(origin(), event(), undefined);
    expect(transactionEventFromV2(origin({ messageId: 'm2' }), event({ offline: true }), undefined).factId).toBe(factId);
    const others: Partial<TransactionEvent>[] = [
      { seqNo: 4 },
      { timestamp: '2026-03-01T10:08:00Z' },
      { evse: { id: 1 } },
      { meterValue: reading({ value: 5 }) },
      { transactionInfo: { transactionId: 'tx-2', chargingState: 'Charging' } },
      { transactionInfo: { transactionId: 'tx-1', chargingState: 'SuspendedEV' } },
    ];
    for (const other of others) expect(transactionEventFromV2(origin(), event(other), undefined).factId).not.toBe(factId);
  });
});

describe('readings', () => {
  it.each([
    // TX-110, F-12: value, unit, multiplier, sample
    [12.5, 'kWh', undefined, '12500', 'Wh'],
    [195, 'Wh', 2, '19500', 'Wh'],
    [195, undefined, undefined, '195', 'Wh'],
    [12, 'Wh', 3, '12000', 'Wh'],
    [16.1, undefined, 0, '16.1', 'Wh'],
    [1500, 'kWh', -3, '1500', 'Wh'],
  ])('TX-110, F-12: %d %s with multiplier %s is %s %s', (value, unit, multiplier, text, baseUnit) => {
    const fact = transactionEventFromV2(
      origin(),
      event({ meterValue: reading({ value, unitOfMeasure: { unit, multiplier } }) }),
      undefined,
    );
    expect(fact.samples).toEqual([
      { at: '2026-03-01T10:07:00.000Z', measurand: 'Energy.Active.Import.Register', value: text, unit: baseUnit },
    ]);
  });

  it('keep signed data byte for byte', () => {
    const signedMeterValue = { signedMeterData: 'AAEC/+==', signingMethod: 'ECDSA', encodingMethod: 'OCMF', publicKey: 'key' };
    const fact = meterValuesFromV2(origin(), { evseId: 1, meterValue: reading({ value: 7, signedMeterValue }) });
    expect(fact.samples).toMatchObject([{ value: '7', signed: signedMeterValue }]);
  });

  it('T2-12: name their EVSE; 0 is the main meter', () => {
    expect(meterValuesFromV2(origin(), { evseId: 0, meterValue: reading({ value: 7, context: 'Sample.Clock' }) })).toMatchObject({
      kind: 'meter-values-reported',
      evseId: 0,
      samples: [{ context: 'Sample.Clock' }],
    });
  });
});

describe('a notice', () => {
  const reported = { eventId: 1, timestamp: '2026-03-01T10:00:00Z', trigger: 'Alerting', eventNotificationType: 'HardWiredNotification' };

  it('keeps no card: neither the last one of a token reader nor what a vendor says', () => {
    const eventData = [
      { ...reported, component: { name: 'TokenReader' }, variable: { name: 'Token' }, actualValue: '04CARD' },
      { ...reported, component: { name: 'Connector' }, variable: { name: 'Problem' }, actualValue: 'true' },
    ] as Request<'2.0.1', 'NotifyEvent'>['eventData'];
    const payload = { generatedAt: '2026-03-01T10:00:00Z', seqNo: 0, eventData };
    const notice = noticeFact(origin(), { action: 'NotifyEvent', payload });
    expect(notice.payload).toMatchObject({ eventData: [{ actualValue: '' }, { actualValue: 'true' }] });
  });
});

describe('tokens', () => {
  it.each([
    ['ISO14443', 'RFID'],
    ['ISO15693', 'RFID'],
    ['Central', 'OTHER'],
    ['KeyCode', 'OTHER'],
    ['Local', 'OTHER'],
    ['MacAddress', 'OTHER'],
    ['eMAID', 'OTHER'],
  ] as const)('of type %s are %s', (type, kept) => {
    expect(tokenFromV2({ idToken: 'X', type })).toEqual({ uid: 'X', type: kept });
  });

  it('are none for a start button or when longer than any token', () => {
    expect(tokenFromV2({ idToken: '', type: 'NoAuthorization' })).toBeUndefined();
    expect(tokenFromV2({ idToken: 'X'.repeat(37), type: 'ISO14443' })).toBeUndefined();
  });
});

it('every fact fits its contract, whatever the station made up', () => {
  const long = 'x'.repeat(300);
  const facts = [
    bootFromV2(origin(), { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } }),
    statusFromV2(origin(), { timestamp: 'never', connectorStatus: 'Occupied', evseId: -1, connectorId: -1 }),
    transactionEventFromV2(
      origin(),
      event({
        seqNo: -1,
        evse: { id: -1, connectorId: -1 },
        transactionInfo: { transactionId: long },
        idToken: { idToken: long, type: 'Central' },
      }),
      'Invalid',
    ),
    meterValuesFromV2(origin(), { evseId: 1, meterValue: reading({ value: 1e30, unitOfMeasure: { unit: long, multiplier: 4 } }) }),
    noticeFact(origin(), { action: 'NotifyEvent', payload: { generatedAt: 'now', seqNo: 0, eventData: JSON.parse('[]') } }),
  ];
  for (const fact of facts) expect(mismatch(StationFact, fact)).toBeUndefined();
});
