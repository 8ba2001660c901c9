// Tokens that eMSPs push to a CPO (OCPI 2.2.1 mod_tokens, Receiver). The type is a parameter of the address, RFID unless told otherwise.
import type { PartyKey } from '@evenkeel/contracts';
import { OcpiProblem, patched, readWire, statusCodes, v221, type WireToken } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Patch, Put, Query } from '@nestjs/common';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { bodyOf, checkId, type OwnerPath, ownedBody, ownerIn, patchBody } from '../http/ownership';
import { CalledBy } from '../http/request';
import type { Caller } from '../partner/partner-view';
import { isReadable, ReceivedTokens } from '../received/received-tokens';

type Path = OwnerPath & { uid: string };

@Controller('ocpi/cpo/2.2.1/tokens/:country/:party/:uid')
export class TokensReceiver {
  constructor(private readonly tokens: ReceivedTokens) {}

  @Get()
  async get(@CalledBy() caller: Caller, @Param() path: Path, @Query('type') type = 'RFID'): Promise<OcpiAnswer> {
    return found(await this.known(ownerIn(path, caller, 'EMSP'), path.uid, type));
  }

  @Put()
  async put(@CalledBy() caller: Caller, @Param() path: Path, @Query('type') type = 'RFID', @Body() body: unknown): Promise<OcpiAnswer> {
    const token = ownedBody(v221.token.schema, body, ownerIn(path, caller, 'EMSP'));
    return stored(await this.keep(path.uid, type, token));
  }

  @Patch()
  async patch(@CalledBy() caller: Caller, @Param() path: Path, @Query('type') type = 'RFID', @Body() body: unknown): Promise<OcpiAnswer> {
    const owner = ownerIn(path, caller, 'EMSP');
    const patch = patchBody(body);
    const known = await this.known(owner, path.uid, type);
    if (Date.parse(patch.last_updated) < Date.parse(known.last_updated)) return stored(false);
    const token = bodyOf(readWire(v221.token.schema, patched(known, patch)));
    await this.keep(path.uid, type, ownedBody(v221.token.schema, token, owner));
    return stored(false);
  }

  private async known(owner: PartyKey, uid: string, type: string): Promise<WireToken> {
    const token = await this.tokens.find(owner, uid, v221.token.typeOf(type));
    if (!token) throw OcpiProblem.missing(`there is no token ${uid} of type ${type}`, statusCodes.unknownToken);
    return token;
  }

  /** @returns whether the token was unknown. */
  private async keep(uid: string, type: string, token: WireToken): Promise<boolean> {
    checkId(token.uid, uid);
    if (v221.token.typeOf(token.type) !== v221.token.typeOf(type))
      throw OcpiProblem.invalid(`the body is of type ${token.type}, the address of ${type}`);
    if (!isReadable(token)) throw OcpiProblem.invalid('a field of the token is longer than OCPI allows');
    return (await this.tokens.keep([token])) > 0;
  }
}
