// The credentials of both sides (OCPI mod_credentials): register, update, unregister; in the version of the path.
import type { OcpiVersion } from '@evenkeel/ocpi';
import { Body, Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { Described } from '../openapi/described';
import { Handshake } from '../partner/handshake';
import type { Caller } from '../partner/partner-view';
import { found, type OcpiAnswer, stored } from './answer';
import { CalledBy, ForHandshake, InVersion } from './request';

@Controller(['ocpi/cpo/:version/credentials', 'ocpi/emsp/:version/credentials'])
@ForHandshake()
export class CredentialsController {
  constructor(private readonly handshake: Handshake) {}

  @Described({ summary: 'Our credentials, as the caller has them', answers: 'credentials' })
  @Get()
  get(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion): OcpiAnswer {
    return found(this.handshake.credentialsFor(caller, version));
  }

  @Described({ summary: 'Register; the answer holds the token to use from then on', takes: ['credentials'], answers: 'credentials' })
  @Post()
  async register(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Body() body: unknown): Promise<OcpiAnswer> {
    return found(await this.handshake.register(caller, version, body));
  }

  @Described({ summary: 'Exchange the tokens, or agree on this version', takes: ['credentials'], answers: 'credentials' })
  @Put()
  async rotate(@CalledBy() caller: Caller, @InVersion() version: OcpiVersion, @Body() body: unknown): Promise<OcpiAnswer> {
    return found(await this.handshake.rotate(caller, version, body));
  }

  @Described({ summary: 'Unregister: the token opens nothing any more' })
  @Delete()
  async unregister(@CalledBy() caller: Caller): Promise<OcpiAnswer> {
    await this.handshake.unregister(caller);
    return stored(false);
  }
}
