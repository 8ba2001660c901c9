// What a platform says of itself: its versions, and the modules of the version that was agreed on (OCPI 2.2.1 version_information_endpoint). Pure.
import { type Endpoint, readWire, VersionDetails, VersionList, type VersionNumber, wireForms } from '@evenkeel/ocpi';
import { endpointsServed, hasMutualModule, otherRole, type Role } from '../interfaces';
import { type Asked, dataOf, failed, fitOf, judgeEnvelope, passed, skipped, type Verdict, warning } from './judge-answer';

const [list, details] = [wireForms(VersionList), wireForms(VersionDetails)];

/** @returns where the details of the version are. */
export function detailsUrlIn(versions: Asked, agreed: VersionNumber): string | undefined {
  const read = readWire(VersionList, dataOf(versions));
  return read.ok ? read.value.find(({ version }) => version === agreed)?.url : undefined;
}

export function judgeVersions(asked: Asked, agreed: VersionNumber): Verdict {
  const verdict = ofBoth(judgeEnvelope(asked), () => fitOf(list, dataOf(asked)));
  if (verdict.outcome === 'failed' || detailsUrlIn(asked, agreed) !== undefined) return verdict;
  return failed(`${agreed}, which was agreed on, is not among the versions`);
}

/** @param asked absent where nothing says where to ask. */
export function judgeDetails(asked: Asked | undefined, agreed: VersionNumber): Verdict {
  if (!asked) return skipped('the versions do not say where the details are');
  const verdict = ofBoth(judgeEnvelope(asked), () => fitOf(details, dataOf(asked)));
  const read = readWire(VersionDetails, dataOf(asked));
  return read.ok && read.value.version !== agreed ? failed(`the details are of version ${read.value.version}, not ${agreed}`) : verdict;
}

/** A module may be left out, but not be on the wrong side: nobody would find it there. */
export function judgeModules(asked: Asked | undefined, ourRole: Role, agreed: VersionNumber): Verdict {
  const read = readWire(VersionDetails, asked && dataOf(asked));
  if (!read.ok) return skipped('there are no details to look at');
  const { endpoints } = read.value;
  const named = (identifier: string) => endpoints.filter((endpoint) => endpoint.identifier === identifier);
  if (named('credentials').length === 0) return failed('credentials is not among the modules');
  if (agreed !== '2.1.1') {
    const unsided = endpoints.find(({ role }) => role === undefined);
    if (unsided) return failed(`${unsided.identifier} has no role`);
  }
  const wanted = endpointsServed('', otherRole(ourRole), agreed).filter(({ identifier }) => !isOfNoRole(identifier));
  const turned = wanted.find((endpoint) => isTurned(endpoint, named(endpoint.identifier)));
  if (turned) return failed(`${turned.identifier} is there, but not as ${turned.role}`);
  if (!hasMutualModule(endpoints, ourRole)) return failed('there is no module that both platforms have');
  const absent = wanted.filter(({ identifier }) => named(identifier).length === 0).map(({ identifier }) => identifier);
  return absent.length === 0 ? passed('') : warning(`not there: ${absent.join(', ')}`);
}

/** Credentials are symmetric, and only hubs say who is behind them. */
function isOfNoRole(identifier: string): boolean {
  return identifier === 'credentials' || identifier === 'hubclientinfo';
}

function isTurned({ role }: Endpoint, theirs: readonly Endpoint[]): boolean {
  return role !== undefined && theirs.length > 0 && theirs.every((endpoint) => endpoint.role !== role);
}

/** The second only where the first has not failed; the worse of them then. */
function ofBoth(first: Verdict, second: () => Verdict): Verdict {
  if (first.outcome === 'failed') return first;
  const then = second();
  return then.outcome === 'passed' ? first : then;
}
