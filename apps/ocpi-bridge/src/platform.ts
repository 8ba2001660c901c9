// Who we are to partners.
import type { PartyKey } from '@evenkeel/contracts';
import type { VersionNumber } from '@evenkeel/ocpi';
import type { Role } from './interfaces';

export class Platform {
  constructor(
    readonly party: PartyKey,
    readonly role: Role,
    readonly name: string,
    /** Up to and with `/ocpi`. */
    readonly publicUrl: string,
    /** That we offer, the newest first. */
    readonly versions: readonly VersionNumber[],
  ) {}
}
