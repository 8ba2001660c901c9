// Location (OCPI 2.2.1 mod_locations): shorter addresses than those of 2.3.0.
import { Type } from '@sinclair/typebox';
import { WireLocation } from '../v230/location';
import { translated } from '../version';
import { text } from '../wire-schema';

const LONGEST = { address: 45, state: 20 } as const;

export const addressFields = { address: text(LONGEST.address), state: Type.Optional(text(LONGEST.state)) };
export const WireLocation221 = Type.Object({ ...WireLocation.properties, ...addressFields });

export const location = translated(
  WireLocation221,
  (wire) => wire,
  (object) => {
    const losses: string[] = [];
    return { wire: shortened(object, losses), losses };
  },
);

export function shortened<T extends { address: string; state?: string | undefined }>(place: T, losses: string[]): T {
  const short = { ...place };
  for (const field of ['address', 'state'] as const) {
    const full = place[field];
    if (full === undefined || full.length <= LONGEST[field]) continue;
    short[field] = full.slice(0, LONGEST[field]);
    losses.push(`the ${field} is cut off after ${LONGEST[field]} characters`);
  }
  return short;
}
