// Which calls change the password of a station, and what their answers mean for it. Pure, in the words of OCPP 2.1.
import type { CommandStatus, NeutralCall } from '@evenkeel/contracts';

type Call = Pick<NeutralCall, 'action' | 'request'>;
/** Both passwords are good until a login tells which one the station has. */
export type PasswordOutcome = 'accepted' | 'refused' | 'unconfirmed';

const PASSWORD = 'basicauthpassword';

interface Setting {
  readonly variable?: { readonly name?: string };
  readonly attributeValue?: string;
  readonly attributeStatus?: string;
}

/** @returns the new password; undefined for a call that sets none. */
export function passwordSetBy({ action, request }: Call): string | undefined {
  if (action === 'SetVariables') return settingsOf(request.setVariableData).find(isPassword)?.attributeValue;
  if (action !== 'SetNetworkProfile') return undefined;
  const { basicAuthPassword } = (request.connectionData ?? {}) as { basicAuthPassword?: string };
  return basicAuthPassword;
}

/** @param answered undefined where the station gave no answer that could be used. */
export function passwordOutcome(answered: NeutralCall | undefined, status: CommandStatus): PasswordOutcome {
  if (answered === undefined) return status === 'unknown' ? 'unconfirmed' : 'refused';
  // A network profile is used from the next connection on that goes by it.
  if (answered.action === 'SetNetworkProfile') return answered.answer.status === 'Accepted' ? 'unconfirmed' : 'refused';
  const result = settingsOf(answered.answer.setVariableResult).find(isPassword)?.attributeStatus;
  if (result === 'RebootRequired') return 'unconfirmed';
  return result === 'Accepted' ? 'accepted' : 'refused';
}

function settingsOf(list: unknown): readonly Setting[] {
  return Array.isArray(list) ? list : [];
}

function isPassword({ variable }: Setting): boolean {
  return variable?.name?.toLowerCase() === PASSWORD;
}
