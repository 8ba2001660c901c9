// Network connection profiles (OCPP 2.0.1 B09, B10): slots that the back end writes, and the move to another one at the next boot.
import type { Request } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

type ConnectionData = Request<'2.1', 'SetNetworkProfile'>['connectionData'];

const SLOTS = [1, 2, 3];
const PRIORITY = 'OCPPCommCtrlr/NetworkConfigurationPriority';
const ACTIVE = 'OCPPCommCtrlr/ActiveNetworkProfile';

export function networkProfileCommands(host: StationHost) {
  const { settings } = host;
  const slots = new Map<number, { url: string; identity?: string; password?: string }>([[settings.number(ACTIVE, 1), { url: host.url }]]);
  settings.onChange((name, value) => {
    if (name.toLowerCase() !== PRIORITY.toLowerCase()) return;
    const first = Number(value.split(',')[0]);
    const line = slots.get(first);
    if (line === undefined || first === settings.number(ACTIVE, 1)) return;
    host.redirect(line, () => settings.measure(ACTIVE, String(first)));
  });
  return {
    SetNetworkProfile({ configurationSlot, connectionData }) {
      const isInUse = configurationSlot === settings.number(ACTIVE, 1);
      const isWeaker = connectionData.securityProfile < settings.number('SecurityCtrlr/SecurityProfile', 1);
      if (!SLOTS.includes(configurationSlot) || isInUse || isWeaker) return { answer: { status: 'Rejected' } };
      if (!/^wss?:\/\//.test(connectionData.ocppCsmsUrl)) return { answer: { status: 'Failed' } };
      slots.set(configurationSlot, lineOf(connectionData));
      return { answer: { status: 'Accepted' } };
    },
  } satisfies Handlers2;
}

function lineOf({ ocppCsmsUrl, identity, basicAuthPassword }: ConnectionData) {
  return {
    url: ocppCsmsUrl,
    ...(identity === undefined ? {} : { identity }),
    ...(basicAuthPassword === undefined ? {} : { password: basicAuthPassword }),
  };
}
