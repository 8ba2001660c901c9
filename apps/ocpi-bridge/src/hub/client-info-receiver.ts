// What a hub says of the parties behind it (OCPI 2.2.1 and 2.3.0 mod_hub_client_info, Receiver): in both roles, and between us and the hub alone.
import { type ClientInfo, OcpiProblem, type OcpiVersion, statusCodes, type VersionObject } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { type OwnerPath, ownedBody, partyOf } from '../http/ownership';
import { CalledBy, InVersion, NotRouted } from '../http/request';
import { Described } from '../openapi/described';
import { hubOf } from '../partner/partner';
import { type Caller, isRegistered, type RegisteredPartner } from '../partner/partner-view';
import { ClientDesk } from './client-desk';
import { HubClients } from './hub-clients';

const paths = ['cpo', 'emsp'].map((side) => `ocpi/${side}/:version/hubclientinfo/:country/:party`);

@Controller(paths)
@NotRouted()
export class ClientInfoReceiver {
  constructor(
    private readonly desk: ClientDesk,
    private readonly clients: HubClients,
  ) {}

  /** Of a party with several roles: what was said last. */
  @Described({ summary: 'What the calling hub has said of a party behind it', shows: 'clientInfo' })
  @Get()
  async get(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Param() path: OwnerPath): Promise<OcpiAnswer> {
    const { partnerId } = hubIn(caller);
    const party = partyOf(path);
    const known = (await this.clients.of(partnerId)).filter((client) => client.party === party);
    const [newest] = known.sort((a, b) => (a.last_updated < b.last_updated ? 1 : -1));
    if (!newest) throw OcpiProblem.missing(`nothing is known of ${party}`, statusCodes.invalidParameters);
    return found(objectIn(version).show(newest.info));
  }

  @Described({ summary: 'Tell us of a party behind a hub', takes: ['clientInfo'], mayCreate: true })
  @Put()
  async put(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: OwnerPath,
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const hub = hubIn(caller);
    const info = ownedBody(objectIn(version), body, partyOf(path));
    return stored((await this.desk.take(hub, [info])) > 0);
  }
}

/** @throws OcpiProblem 404 for whoever is no hub. */
function hubIn({ partner }: Caller): RegisteredPartner {
  if (isRegistered(partner) && hubOf(partner.registration) !== undefined) return partner;
  throw OcpiProblem.missing('the calling platform is not a hub', statusCodes.invalidParameters);
}

function objectIn({ clientInfo, number }: OcpiVersion): VersionObject<ClientInfo> {
  if (!clientInfo) throw OcpiProblem.missing(`OCPI ${number} has no hubs`, statusCodes.invalidParameters);
  return clientInfo;
}
