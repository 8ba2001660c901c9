// Structured logs: one JSON object a line, with what could identify a person or open a door removed.
import pino, { type Logger } from 'pino';

export type Log = Logger;

const secrets = ['password', 'authorization', 'token', 'tokenA', 'tokenB', 'tokenC', 'apiKey', 'idTag', 'uid'];

export function createLog(service: string, level: string): Log {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`]), censor: '[masked]' },
    serializers: { error: pino.stdSerializers.err },
  });
}
