// The tokens of an eMSP: the list, and the question in real time whether one may charge (OCPI 2.2.1 mod_tokens, Sender).
import { randomUUID } from 'node:crypto';
import { Requester } from '@evenkeel/messaging';
import { type AuthorizationInfo, type LocationReferences, OcpiProblem, readPageQuery, readWire, statusCodes, v221 } from '@evenkeel/ocpi';
import { LOG, type Log } from '@evenkeel/service';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { found, type OcpiAnswer, page, pageLimits } from '../http/answer';
import { bodyOf } from '../http/ownership';
import { interfaceUrl } from '../interfaces';
import { Platform } from '../platform';

@Controller('ocpi/emsp/2.2.1/tokens')
export class TokensSender {
  constructor(
    private readonly platform: Platform,
    private readonly requester: Requester<'ocpi-bridge'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Get()
  async list(@Query() parameters: Readonly<Record<string, unknown>>): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    const { from, to, offset, limit } = query;
    const updated = { ...(from === undefined ? {} : { updatedFrom: from }), ...(to === undefined ? {} : { updatedBefore: to }) };
    const { items, total } = await this.requester.ask('publishedTokens', { party: this.platform.party, ...updated, offset, limit });
    const tokens = items.flatMap((token) => {
      const written = v221.token.write(token);
      if (!written.ok) this.log.warn({ reason: written.reason }, 'a token cannot be published');
      return written.ok ? [written.wire] : [];
    });
    return page(interfaceUrl(this.platform.publicUrl, 'EMSP', 'tokens'), query, total, tokens);
  }

  /** An unknown token is a 404; a known one that may not charge is a good answer, "not allowed". */
  @Post(':uid/authorize')
  async authorize(@Param('uid') uid: string, @Query('type') type = 'RFID', @Body() body?: unknown): Promise<OcpiAnswer> {
    const at: LocationReferences | undefined = body === undefined ? undefined : bodyOf(readWire(v221.authorization.places, body));
    if (uid.length > 36) throw OcpiProblem.missing(`there is no token ${uid.slice(0, 40)}`, statusCodes.unknownToken);
    const { token, verdict, authorizationReference } = await this.requester.ask('authorizeToken', {
      token: { uid, type: v221.token.typeOf(type) },
    });
    const written = token?.party === this.platform.party ? v221.token.write(token) : undefined;
    if (!written?.ok) throw OcpiProblem.missing(`there is no token ${uid} of type ${type}`, statusCodes.unknownToken);
    const allowed = v221.authorization.write(verdict);
    const info: AuthorizationInfo = {
      allowed,
      token: written.wire,
      ...(allowed === 'ALLOWED' ? { authorization_reference: authorizationReference ?? randomUUID() } : {}),
      ...(allowed === 'ALLOWED' && at ? { location: at } : {}),
    };
    return found(info);
  }
}
