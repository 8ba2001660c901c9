import { passwordCandidates, readBasicCredentials } from './basic-auth';

const header = (user: string, password: Buffer | string) =>
  `Basic ${Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password as string)]).toString('base64')}`;

describe('Basic credentials', () => {
  test('RPC-32 the worked example of the specification: any byte is part of the password', () => {
    const read = readBasicCredentials('Basic QUwxMDAwOgABAgMEBQYH////////////////', 'AL1000');
    expect(read).toEqual({ accepted: true, password: Buffer.from('0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF', 'hex') });
  });

  test.each([
    ['RPC-30 the user is compared case-insensitively', 'cp01', 'CP01', 'secret'],
    ['RPC-31 colons in the password', 'CP01', 'CP01', 'a:b:'],
    ['RPC-31 a colon in the identity', 'CP:01', 'CP:01', 'x:y'],
    ['RPC-31 an empty password', 'CP01', 'CP01', ''],
    ['RPC-34 UTF-8', 'CP01', 'CP01', 'pässwörd'],
  ])('%s', (_rule, user, identity, password) => {
    expect(readBasicCredentials(header(user, password), identity)).toEqual({ accepted: true, password: Buffer.from(password) });
  });

  test.each([
    ['no header', undefined, 'missing'],
    ['another scheme', 'Bearer abc', 'notBasic'],
    ['no base64', 'Basic a$b', 'notBase64'],
    ['RPC-30 another user', header('CP02', 'secret'), 'otherUser'],
    ['RPC-30 a longer user', header('CP011', 'secret'), 'otherUser'],
    ['no colon', `Basic ${Buffer.from('CP01').toString('base64')}`, 'otherUser'],
  ])('are refused: %s', (_rule, authorization, reason) => {
    expect(readBasicCredentials(authorization, 'CP01')).toEqual({ accepted: false, reason });
  });
});

describe('RPC-33 the forms of a key', () => {
  const bytes = Buffer.from('00ff', 'hex');
  test.each([
    ['bytes', bytes, [bytes]],
    ['plain', Buffer.from('00ff'), [Buffer.from('00ff')]],
    ['hexText', Buffer.from('00FF'), [bytes]],
    ['hexText', Buffer.from('00F'), []],
    ['auto', Buffer.from('00fF'), [Buffer.from('00fF'), bytes]],
    ['auto', bytes, [bytes]],
  ] as const)('%s', (encoding, received, candidates) => {
    expect(passwordCandidates(received, encoding)).toEqual(candidates);
  });
});
