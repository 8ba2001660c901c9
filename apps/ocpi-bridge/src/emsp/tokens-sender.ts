// The tokens of an eMSP: the list, and the question in real time whether one may charge (OCPI 2.2.1 mod_tokens, Sender).
import { randomUUID } from 'node:crypto';
import { Requester } from '@evenkeel/messaging';
import { type AuthorizationInfo, canonical, OcpiProblem, type OcpiVersion, readPageQuery, statusCodes, written } from '@evenkeel/ocpi';
import { LOG, type Log } from '@evenkeel/service';
import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { foundIn, type OcpiAnswer, page, pageLimits } from '../http/answer';
import { bodyOf, checkSayable } from '../http/ownership';
import { InVersion } from '../http/request';
import { interfaceUrl } from '../interfaces';
import { Described, tokenType } from '../openapi/described';
import { Platform } from '../platform';

@Controller('ocpi/emsp/:version/tokens')
export class TokensSender {
  constructor(
    private readonly platform: Platform,
    private readonly requester: Requester<'ocpi-bridge'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  @Described({ summary: 'Our tokens', lists: 'token' })
  @Get()
  async list(@InVersion() version: OcpiVersion, @Query() parameters: Readonly<Record<string, unknown>>): Promise<OcpiAnswer> {
    const query = readPageQuery(parameters, pageLimits);
    const { from, to, offset, limit } = query;
    const updated = { ...(from === undefined ? {} : { updatedFrom: from }), ...(to === undefined ? {} : { updatedBefore: to }) };
    const { items, total } = await this.requester.ask('publishedTokens', { party: this.platform.party, ...updated, offset, limit });
    const tokens = items.flatMap((token) => {
      const said = written(version.token, canonical.token.write(token));
      if (!said.ok) this.log.warn({ reason: said.reason }, 'a token cannot be published');
      return said.ok ? [said.wire] : [];
    });
    return page(interfaceUrl(this.platform.publicUrl, 'EMSP', version.number, 'tokens'), query, total, tokens);
  }

  /** An unknown token is a 404; a known one that may not charge is a good answer, "not allowed". */
  @Described({
    summary: 'Whether a token may charge',
    takes: ['places'],
    mayBeEmpty: true,
    answers: 'authorization',
    query: { type: tokenType, token_type: { ...tokenType, description: 'The same in OCPI 2.1.1' } },
  })
  @Post(':uid/authorize')
  async authorize(
    @InVersion() version: OcpiVersion,
    @Param('uid') uid: string,
    @Query() query: { type?: unknown; token_type?: unknown },
    @Body() body?: unknown,
  ): Promise<OcpiAnswer> {
    // OCPI 2.1.1 calls it token_type.
    const type = String(query.type ?? query.token_type ?? 'RFID');
    const at = body === undefined ? undefined : bodyOf(version.places.read(body, { owner: this.platform.party }));
    // What is asked about is in the answer.
    if (at) checkSayable(version.places.write(at));
    if (uid.length > 36) throw OcpiProblem.missing(`there is no token ${uid.slice(0, 40)}`, statusCodes.unknownToken);
    const { token, verdict, authorizationReference } = await this.requester.ask('authorizeToken', {
      token: { uid, type: canonical.token.typeOf(type) },
    });
    const about = token?.party === this.platform.party ? canonical.token.write(token) : undefined;
    if (!about?.ok) throw OcpiProblem.missing(`there is no token ${uid} of type ${type}`, statusCodes.unknownToken);
    const allowed = canonical.authorization.write(verdict);
    const info: AuthorizationInfo = {
      allowed,
      token: about.wire,
      ...(allowed === 'ALLOWED' ? { authorization_reference: authorizationReference ?? randomUUID() } : {}),
      ...(allowed === 'ALLOWED' && at ? { location: at } : {}),
    };
    return foundIn(version.authorization.write(info));
  }
}
