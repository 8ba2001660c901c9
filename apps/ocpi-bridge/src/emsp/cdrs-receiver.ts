// CDRs that CPOs send to an eMSP (OCPI 2.2.1 mod_cdrs, Receiver): posted once, found again at the address that the answer names.
import { OcpiProblem, type OcpiVersion, type WireCdr } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { Bearers } from '../bearer/bearers';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { type OwnerPath, onlyParty, ownerIn } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import { interfaceUrl } from '../interfaces';
import type { Caller } from '../partner/partner-view';
import { Platform } from '../platform';
import { PartnerPlaces } from '../received/partner-places';
import { PartnerRecords } from '../received/partner-records';
import { ReceivedCdrs } from '../received/received-cdrs';

@Controller('ocpi/emsp/:version/cdrs')
export class CdrsReceiver {
  constructor(
    private readonly platform: Platform,
    private readonly cdrs: ReceivedCdrs,
    private readonly records: PartnerRecords,
    private readonly bearers: Bearers,
    private readonly places: PartnerPlaces,
  ) {}

  @Post()
  async post(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Body() body: unknown): Promise<OcpiAnswer> {
    const owner = version.number === '2.1.1' ? onlyParty(caller) : ownerIn(ownerOf(body), caller, 'CPO');
    const { cdr, isNew } = await this.cdrs.take(caller.partner.partnerId, version, owner, body);
    return stored(isNew, { location: this.addressOf(cdr, version) });
  }

  @Get(':country/:party/:id')
  async get(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Param() path: OwnerPath & { id: string }): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'CPO');
    const cdr = await this.records.cdr(owner, path.id);
    if (!cdr) throw OcpiProblem.missing(`there is no CDR ${path.id}`);
    const location = await this.places.location(owner, cdr.cdr_location.id);
    const shown = { ...cdr, cdr_token: await this.bearers.revealed(cdr.cdr_token) };
    return found(version.cdr.show(shown, location ? { location } : {}));
  }

  private addressOf({ country_code, party_id, id }: WireCdr, { number }: OcpiVersion): string {
    return [interfaceUrl(this.platform.publicUrl, 'EMSP', number, 'cdrs'), country_code, party_id, encodeURIComponent(id)].join('/');
  }
}

/** The path of a POST names no owner: the body does. */
function ownerOf(body: unknown): OwnerPath {
  const { country_code, party_id } = (body ?? {}) as { country_code?: unknown; party_id?: unknown };
  if (typeof country_code !== 'string' || typeof party_id !== 'string') throw OcpiProblem.invalid('country_code and party_id are required');
  return { country: country_code, party: party_id };
}
