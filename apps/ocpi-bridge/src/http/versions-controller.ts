// Which versions we speak, and what there is to each (OCPI 2.2.1 version_information_endpoint).
import type { OcpiVersion } from '@evenkeel/ocpi';
import { Controller, Get } from '@nestjs/common';
import { endpointsServed } from '../interfaces';
import { Described } from '../openapi/described';
import { Platform } from '../platform';
import { found, type OcpiAnswer } from './answer';
import { ForHandshake, InVersion } from './request';

@Controller('ocpi')
@ForHandshake()
export class VersionsController {
  constructor(private readonly platform: Platform) {}

  @Described({ summary: 'The versions of OCPI that we speak', answers: 'versions' })
  @Get('versions')
  versions(): OcpiAnswer {
    return found(this.platform.versions.map((version) => ({ version, url: `${this.platform.publicUrl}/${version}` })));
  }

  @Described({ summary: 'The modules of a version, with their addresses', answers: 'details' })
  @Get(':version')
  details(@InVersion() { number }: OcpiVersion): OcpiAnswer {
    return found({ version: number, endpoints: endpointsServed(this.platform.publicUrl, this.platform.role, number) });
  }
}
