// The versions that we speak, by number.
import { v211 } from './v211/v211';
import { v221 } from './v221/v221';
import { v230 } from './v230/v230';
import type { OcpiVersion, VersionNumber } from './version';

export const ocpiVersions: Readonly<Record<VersionNumber, OcpiVersion>> = { '2.3.0': v230, '2.2.1': v221, '2.1.1': v211 };
