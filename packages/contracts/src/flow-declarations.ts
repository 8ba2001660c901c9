// How messages and requests are declared in the flow.
import { type TSchema, Type } from '@sinclair/typebox';
import type { AppName, StreamName } from './flow';
import { Actor } from './registry';

// They keep literal types, so that roles can be computed from the tables at compile time.
export function message<const By extends AppName, const To extends readonly AppName[], S extends TSchema>(declaration: {
  stream: StreamName;
  subject: string;
  saidBy: By;
  heardBy: To;
  schema: S;
}) {
  return declaration;
}

export function request<
  const By extends AppName,
  const From extends readonly AppName[],
  Q extends TSchema,
  A extends TSchema,
>(declaration: { subject: string; answeredBy: By; askedBy: From; request: Q; reply: A; deadlineMs: number }) {
  return declaration;
}

export function registryRequest<const From extends readonly AppName[], Q extends TSchema, A extends TSchema>(
  name: string,
  askedBy: From,
  requestSchema: Q,
  reply: A,
  deadlineMs = 5_000,
) {
  return request({ subject: `registry.ask.${name}`, answeredBy: 'registry', askedBy, request: requestSchema, reply, deadlineMs });
}

export function query<const By extends AppName, Q extends TSchema, A extends TSchema>(
  answeredBy: By,
  subject: string,
  requestSchema: Q,
  reply: A,
) {
  return request({ subject, answeredBy, askedBy: ['console'], request: requestSchema, reply, deadlineMs: 5_000 });
}

export function sessionCommand<S extends TSchema>(subject: string, command: S) {
  return request({
    subject,
    answeredBy: 'session-ledger',
    askedBy: ['console'],
    request: write({ sessionId: Type.String(), command }),
    reply: Type.Object({ sessionId: Type.String() }),
    deadlineMs: 10_000,
  });
}

export function write<P extends Record<string, TSchema>>(properties: P) {
  return Type.Object({ actor: Actor, ...properties });
}
