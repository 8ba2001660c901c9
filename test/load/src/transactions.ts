// What a loop station says: BootNotification once, then whole transactions without end: start, ten meter values, stop (OCPP 1.6J).
const METER_VALUES = 10;
const MINUTE_MS = 60_000;
const WH_A_MINUTE = 350;

/** Each call returns the frame after the last one; the answer to StartTransaction carries the id that the others need. */
export function transactions(token: string, firstStartMs: number): (answer: Record<string, unknown> | undefined) => string {
  let step = -1;
  let message = 0;
  let meterWh = 1_000_000;
  let timeMs = firstStartMs;
  let transactionId = 0;
  return (answer) => {
    const id = `m${message++}`;
    if (step === -1) {
      step = 0;
      return frame(id, 'BootNotification', { chargePointVendor: 'Load', chargePointModel: 'Loop' });
    }
    if (step === 0) {
      step = 1;
      return frame(id, 'StartTransaction', {
        connectorId: 1,
        idTag: token,
        meterStart: meterWh,
        timestamp: new Date(timeMs).toISOString(),
      });
    }
    if (step === 1) transactionId = Number(answer?.transactionId ?? 0);
    timeMs += MINUTE_MS;
    if (step <= METER_VALUES) {
      step += 1;
      meterWh += WH_A_MINUTE;
      return frame(id, 'MeterValues', { connectorId: 1, transactionId, meterValue: [meterValue(timeMs, meterWh)] });
    }
    step = 0;
    const timestamp = new Date(timeMs).toISOString();
    timeMs += MINUTE_MS;
    return frame(id, 'StopTransaction', { transactionId, idTag: token, meterStop: meterWh, timestamp, reason: 'Local' });
  };
}

/** Messages of one transaction. */
export const MESSAGES_A_TRANSACTION = METER_VALUES + 2;

function meterValue(timeMs: number, meterWh: number) {
  return {
    timestamp: new Date(timeMs).toISOString(),
    sampledValue: [
      { value: String(meterWh), context: 'Sample.Periodic', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
      { value: '21000', context: 'Sample.Periodic', measurand: 'Power.Active.Import', unit: 'W' },
    ],
  };
}

function frame(id: string, action: string, payload: object): string {
  return JSON.stringify([2, id, action, payload]);
}
