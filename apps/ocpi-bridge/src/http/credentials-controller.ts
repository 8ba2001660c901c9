// The credentials of both sides (OCPI mod_credentials): register, update, unregister; in the version of the path.
import type { OcpiVersion } from '@evenkeel/ocpi';
import { Body, Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { Handshake } from '../partner/handshake';
import type { Caller } from '../partner/partner-view';
import { found, type OcpiAnswer, stored } from './answer';
import { CalledBy, ForHandshake, InVersion } from './request';

@Controller(['ocpi/cpo/:version/credentials', 'ocpi/emsp/:version/credentials'])
@ForHandshake()
export class CredentialsController {
  constructor(private readonly handshake: Handshake) {}

  @Get()
  get(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion): OcpiAnswer {
    return found(this.handshake.credentialsFor(caller, version));
  }

  @Post()
  async register(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Body() body: unknown): Promise<OcpiAnswer> {
    return found(await this.handshake.register(caller, version, body));
  }

  @Put()
  async rotate(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Body() body: unknown): Promise<OcpiAnswer> {
    return found(await this.handshake.rotate(caller, version, body));
  }

  @Delete()
  async unregister(@CalledBy() caller: Caller): Promise<OcpiAnswer> {
    await this.handshake.unregister(caller);
    return stored(false);
  }
}
