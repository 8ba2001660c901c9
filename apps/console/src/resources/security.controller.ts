// Who may connect and what was refused, certificates, and what a station has said lately.
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

@Controller()
export class SecurityController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('lowerSecurityProfile')
  lower(
    { params, body }: Input<'lowerSecurityProfile'>,
    { username }: Caller<'lowerSecurityProfile'>,
  ): Promise<Output<'lowerSecurityProfile'>> {
    return this.services.ask('lowerSecurityProfile', { actor: { operator: username }, ...params, ...body });
  }

  @Operate('listSecurityEvents')
  list({ query }: Input<'listSecurityEvents'>): Promise<Output<'listSecurityEvents'>> {
    return this.services.ask('listSecurityEvents', query);
  }

  @Operate('stationCertificates')
  certificates({ params }: Input<'stationCertificates'>): Promise<Output<'stationCertificates'>> {
    return this.services.ask('stationCertificates', params);
  }

  @Operate('revokeCertificate')
  revoke({ params, body }: Input<'revokeCertificate'>, { username }: Caller<'revokeCertificate'>): Promise<Output<'revokeCertificate'>> {
    return this.services.ask('revokeCertificate', { actor: { operator: username }, ...params, ...body });
  }

  /** Only the gateway process that holds the station's socket answers. */
  @Operate('traceStation')
  async trace({ params, query }: Input<'traceStation'>): Promise<Output<'traceStation'>> {
    const { party, stationId } = await this.services.ask('getStation', params);
    return this.services.traceStation({ party, stationId, ...query });
  }
}
