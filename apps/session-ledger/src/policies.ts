// The policies of the parties, from the settings: defaults, and what a party wants otherwise.
import { mismatch, type PartyKey } from '@evenkeel/contracts';
import { BadSettings } from '@evenkeel/service';
import { Value } from '@sinclair/typebox/value';
import { SessionPolicies, SessionPolicy } from './session/session-policy';

/**
 * @param text JSON: party key -> what differs from the default, e.g. `{"US-CHG":{"settleSeconds":30}}`.
 * @throws BadSettings naming what is wrong; the service must not start.
 */
export function readPolicies(text: string): (party: PartyKey) => SessionPolicy {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new BadSettings('SESSION_POLICIES is not JSON');
  }
  const wrong = mismatch(SessionPolicies, given);
  if (wrong !== undefined) throw new BadSettings(`SESSION_POLICIES ${wrong}`);
  const policies = new Map(Object.entries(given as SessionPolicies).map(([party, own]) => [party.toUpperCase(), complete(own)]));
  const preset = complete({});
  return (party) => policies.get(party.toUpperCase()) ?? preset;
}

function complete(own: SessionPolicies[string]): SessionPolicy {
  return Value.Decode(SessionPolicy, Value.Default(SessionPolicy, structuredClone(own)));
}
