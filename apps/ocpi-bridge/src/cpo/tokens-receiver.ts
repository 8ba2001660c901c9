// Tokens that eMSPs push to a CPO (OCPI 2.2.1 mod_tokens, Receiver). The type is a parameter of the address, RFID unless told otherwise.
import type { PartyKey } from '@evenkeel/contracts';
import { canonical, OcpiProblem, type OcpiVersion, statusCodes, type WireToken } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Patch, Put, Query } from '@nestjs/common';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { afterPatch, checkId, checkOwner, isOlder, type OwnerPath, ownedBody, ownerIn, patchBody } from '../http/ownership';
import { CalledBy, InVersion } from '../http/request';
import { Described, tokenType } from '../openapi/described';
import type { Caller } from '../partner/partner-view';
import { isReadable, ReceivedTokens } from '../received/received-tokens';

type Path = OwnerPath & { uid: string };

@Controller('ocpi/cpo/:version/tokens/:country/:party/:uid')
export class TokensReceiver {
  constructor(private readonly tokens: ReceivedTokens) {}

  @Described({ summary: 'A token as we have it', shows: 'token', query: { type: tokenType } })
  @Get()
  async get(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Query('type') type = 'RFID',
  ): Promise<OcpiAnswer> {
    return found(version.token.show(await this.known(ownerIn(path, caller, 'EMSP'), path.uid, type)));
  }

  @Described({ summary: 'Tell us of a token', takes: ['token'], mayCreate: true, query: { type: tokenType } })
  @Put()
  async put(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Query('type') type = 'RFID',
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const token = ownedBody(version.token, body, ownerIn(path, caller, 'EMSP'));
    return stored(await this.keep(path.uid, type, token));
  }

  @Described({ summary: 'Change some fields of a token', patches: 'token', query: { type: tokenType } })
  @Patch()
  async patch(
    @CalledBy() caller: Caller,
    @InVersion() version: OcpiVersion,
    @Param() path: Path,
    @Query('type') type = 'RFID',
    @Body() body: unknown,
  ): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'EMSP');
    const patch = patchBody(body);
    const known = await this.known(owner, path.uid, type);
    if (isOlder(patch, known)) return stored(false);
    const token = afterPatch(version.token, known, patch, owner);
    checkOwner(token, owner);
    await this.keep(path.uid, type, token);
    return stored(false);
  }

  private async known(owner: PartyKey, uid: string, type: string): Promise<WireToken> {
    const token = await this.tokens.find(owner, uid, canonical.token.typeOf(type));
    if (!token) throw OcpiProblem.missing(`there is no token ${uid} of type ${type}`, statusCodes.unknownToken);
    return token;
  }

  /** @returns whether the token was unknown. */
  private async keep(uid: string, type: string, token: WireToken): Promise<boolean> {
    checkId(token.uid, uid);
    if (canonical.token.typeOf(token.type) !== canonical.token.typeOf(type))
      throw OcpiProblem.invalid(`the body is of type ${token.type}, the address of ${type}`);
    if (!isReadable(token)) throw OcpiProblem.invalid('a field of the token is longer than OCPI allows');
    return (await this.tokens.keep([token])) > 0;
  }
}
