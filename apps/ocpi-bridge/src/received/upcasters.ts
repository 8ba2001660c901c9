// What was stored before there was more than one version is in the words of OCPI 2.2.1.
import { ocpiVersions, type VersionObject } from '@evenkeel/ocpi';

const read = <T>(object: VersionObject<T>, wire: unknown): T => {
  // Every object of that version names its owner.
  const canonical = object.read(wire, { owner: '' });
  if (!canonical.ok) throw new RangeError(`stored before as it cannot be read now: ${canonical.reason}`);
  return canonical.value;
};

export function sessionFrom221(data: unknown): unknown {
  const stored = data as { session: unknown };
  return { ...stored, session: read(ocpiVersions['2.2.1'].session, stored.session) };
}

export function cdrFrom221(data: unknown): unknown {
  const stored = data as { cdr: unknown };
  return { ...stored, cdr: read(ocpiVersions['2.2.1'].cdr, stored.cdr) };
}
