// Which versions we speak, and what there is to each (OCPI 2.2.1 version_information_endpoint).
import { v221 } from '@evenkeel/ocpi';
import { Controller, Get } from '@nestjs/common';
import { endpointsServed } from '../interfaces';
import { Platform } from '../platform';
import { found, type OcpiAnswer } from './answer';
import { ForHandshake } from './request';

@Controller('ocpi')
@ForHandshake()
export class VersionsController {
  constructor(private readonly platform: Platform) {}

  @Get('versions')
  versions(): OcpiAnswer {
    return found([{ version: v221.version, url: `${this.platform.publicUrl}/${v221.version}` }]);
  }

  @Get('2.2.1')
  details(): OcpiAnswer {
    return found({ version: v221.version, endpoints: endpointsServed(this.platform.publicUrl, this.platform.role) });
  }
}
