// The credentials of both sides (OCPI 2.2.1 mod_credentials): register, update, unregister.
import { Body, Controller, Delete, Get, Post, Put } from '@nestjs/common';
import { Handshake } from '../partner/handshake';
import type { Caller } from '../partner/partner-view';
import { found, type OcpiAnswer, stored } from './answer';
import { CalledBy, ForHandshake } from './request';

@Controller(['ocpi/cpo/2.2.1/credentials', 'ocpi/emsp/2.2.1/credentials'])
@ForHandshake()
export class CredentialsController {
  constructor(private readonly handshake: Handshake) {}

  @Get()
  get(@CalledBy() caller: Caller): OcpiAnswer {
    return found(this.handshake.credentialsFor(caller));
  }

  @Post()
  async register(@CalledBy() caller: Caller, @Body() body: unknown): Promise<OcpiAnswer> {
    return found(await this.handshake.register(caller, body));
  }

  @Put()
  async rotate(@CalledBy() caller: Caller, @Body() body: unknown): Promise<OcpiAnswer> {
    return found(await this.handshake.rotate(caller, body));
  }

  @Delete()
  async unregister(@CalledBy() caller: Caller): Promise<OcpiAnswer> {
    await this.handshake.unregister(caller);
    return stored(false);
  }
}
