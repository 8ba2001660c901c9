// ClientInfo (OCPI 2.2.1 mod_hub_client_info): a hub has a role of its own here, and nobody is a payment terminal provider.
import { Type } from '@sinclair/typebox';
import { ClientInfo } from '../v230/client-info';
import { translated } from '../version';
import { openEnum } from '../wire-schema';

export const roles221 = ['CPO', 'EMSP', 'HUB', 'NAP', 'NSP', 'OTHER', 'SCSP'] as const;

export const clientInfo = translated(
  Type.Object({ ...ClientInfo.properties, role: openEnum(...roles221) }),
  (wire) => wire,
  (object: ClientInfo) =>
    object.role === 'PTP'
      ? { wire: { ...object, role: 'OTHER' }, losses: ['the role PTP is said as OTHER'] }
      : { wire: object, losses: [] },
);
