// Messages on the station's display (OCPP 2.0.1 O01 to O06).
import type { Request, Response } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import { type Handlers2, inParts, type Version2 } from './handlers';

type Message = Request<'2.1', 'SetDisplayMessage'>['message'];
type Verdict = Response<'2.1', 'SetDisplayMessage'>['status'];

const MESSAGES_PER_PART = 5;

export function displayCommands(host: StationHost, version: Version2) {
  const messages = new Map<number, Message>();
  const count = () => host.settings.measure('DisplayMessageCtrlr/DisplayMessages', String(messages.size));
  return {
    SetDisplayMessage({ message }) {
      const status = verdictOn(host, message, version, messages);
      if (status === 'Accepted') messages.set(message.id, message);
      count();
      return { answer: { status } };
    },
    GetDisplayMessages({ requestId, id, priority, state }) {
      const found = [...messages.values()].filter((message) => {
        const fits = (wanted: unknown, actual: unknown) => wanted === undefined || wanted === actual;
        return (id === undefined || id.includes(message.id)) && fits(priority, message.priority) && fits(state, message.state);
      });
      if (found.length === 0) return { answer: { status: 'Unknown' } };
      return { answer: { status: 'Accepted' }, afterwards: () => tell(host, requestId, found) };
    },
    ClearDisplayMessage({ id }) {
      const status = messages.delete(id) ? 'Accepted' : 'Unknown';
      count();
      return { answer: { status } };
    },
  } satisfies Handlers2;
}

function verdictOn(host: StationHost, message: Message, version: Version2, shown: ReadonlyMap<number, Message>): Verdict {
  const { settings } = host;
  const supports = (variable: string, value: string | undefined) => {
    const list = settings.get(`DisplayMessageCtrlr/${variable}`);
    return value === undefined || list === undefined || list.split(',').includes(value);
  };
  if (!supports('SupportedFormats', message.message.format)) return 'NotSupportedMessageFormat';
  if (!supports('SupportedPriorities', message.priority)) return 'NotSupportedPriority';
  if (!supports('SupportedStates', message.state)) return 'NotSupportedState';
  if (version === '2.1' && !supports('Language', message.message.language)) return 'LanguageNotSupported';
  if (message.transactionId !== undefined && host.sessionOf(message.transactionId) === undefined) return 'UnknownTransaction';
  const most = settings.definitionOf('DisplayMessageCtrlr/DisplayMessages')?.most ?? 1;
  return shown.has(message.id) || shown.size < most ? 'Accepted' : 'Rejected';
}

function tell(host: StationHost, requestId: number, found: readonly Message[]): void {
  const parts = inParts(found, MESSAGES_PER_PART);
  for (const [index, messageInfo] of parts.entries()) {
    host.say('NotifyDisplayMessages', { requestId, messageInfo, tbc: index < parts.length - 1 });
  }
}
