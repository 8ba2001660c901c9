// The floor that the gateway is compared with: a bare `ws` server that parses each frame, validates its payload with ajv and answers. It
// publishes nothing and remembers nothing.
import Ajv from 'ajv';
import { WebSocketServer } from 'ws';

const ajv = new Ajv({ strict: false });
const sampledValue = {
  type: 'object',
  properties: {
    value: { type: 'string' },
    context: {
      enum: [
        'Sample.Periodic',
        'Transaction.Begin',
        'Transaction.End',
        'Trigger',
        'Other',
        'Sample.Clock',
        'Interruption.Begin',
        'Interruption.End',
      ],
    },
    measurand: { type: 'string', maxLength: 60 },
    unit: { enum: ['Wh', 'kWh', 'W', 'kW', 'A', 'V'] },
  },
  required: ['value'],
  additionalProperties: false,
};
const validators: Record<string, (value: unknown) => boolean> = {
  BootNotification: ajv.compile({ type: 'object', required: ['chargePointVendor', 'chargePointModel'] }),
  StartTransaction: ajv.compile({
    type: 'object',
    properties: {
      connectorId: { type: 'integer' },
      idTag: { type: 'string', maxLength: 20 },
      meterStart: { type: 'integer' },
      timestamp: { type: 'string' },
    },
    required: ['connectorId', 'idTag', 'meterStart', 'timestamp'],
    additionalProperties: false,
  }),
  MeterValues: ajv.compile({
    type: 'object',
    properties: {
      connectorId: { type: 'integer' },
      transactionId: { type: 'integer' },
      meterValue: {
        type: 'array',
        items: {
          type: 'object',
          properties: { timestamp: { type: 'string' }, sampledValue: { type: 'array', items: sampledValue } },
          required: ['timestamp', 'sampledValue'],
          additionalProperties: false,
        },
      },
    },
    required: ['connectorId', 'meterValue'],
    additionalProperties: false,
  }),
  StopTransaction: ajv.compile({ type: 'object', required: ['meterStop', 'timestamp', 'transactionId'] }),
  Heartbeat: ajv.compile({ type: 'object' }),
  StatusNotification: ajv.compile({ type: 'object', required: ['connectorId', 'errorCode', 'status'] }),
};
const accepted = { status: 'Accepted', currentTime: '2026-01-01T00:00:00.000Z', interval: 300 };
const answers: Record<string, object> = {
  BootNotification: accepted,
  Heartbeat: { currentTime: accepted.currentTime },
  StatusNotification: {},
  StartTransaction: { transactionId: 1, idTagInfo: { status: 'Accepted' } },
  MeterValues: {},
  StopTransaction: {},
};

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, maxPayload: 1_048_576 });
server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const [, id, action, payload] = JSON.parse(String(data)) as [number, string, string, unknown];
    const valid = validators[action]?.(payload) === true;
    socket.send(JSON.stringify(valid ? [3, id, answers[action]] : [4, id, 'FormationViolation', '', {}]));
  });
});
server.on('listening', () => {
  const address = server.address();
  process.stdout.write(`ready ${typeof address === 'object' ? address?.port : ''}\n`);
});
