// GetLog of OCPP 2.x (N01): the upload, as far as the back end hears of it.
import { Upload } from '../feature/uploads';
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

export interface LogWorks {
  tell(): void;
}

export function logCommands(host: StationHost) {
  let upload: Upload | undefined;
  let current: number | undefined;
  const begin = (requestId: number) => {
    current = requestId;
    upload = new Upload(host, (status) => host.say('LogStatusNotification', { status, requestId }));
    host.background(upload.run(), 'The upload of logs');
  };
  const works: LogWorks = {
    tell() {
      const status = upload?.status ?? 'Idle';
      host.say('LogStatusNotification', status === 'Idle' ? { status } : { status, requestId: current });
    },
  };
  const commands = {
    GetLog({ requestId, logType }) {
      const replaced = upload?.cancel() ? current : undefined;
      const filename = `${host.identity}-${logType}-${requestId}.log`;
      const afterwards = () => {
        // OCPP 2.0.1 N01.FR.12: the older upload is told to be cancelled.
        if (replaced !== undefined) host.say('LogStatusNotification', { status: 'AcceptedCanceled', requestId: replaced });
        begin(requestId);
      };
      return { answer: { status: replaced === undefined ? 'Accepted' : 'AcceptedCanceled', filename }, afterwards };
    },
  } satisfies Handlers2;
  return { commands, works };
}
