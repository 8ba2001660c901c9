// What is remembered of the answer to a StartTransaction, for ever: the group of a token may be another card's number, so it is sealed with
// a key that derives from the token itself. Only the station that shows the token again can have it opened.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { IdentityHash } from '@evenkeel/contracts';
import { foldIdentity } from '@evenkeel/ocpp';
import type { IdTagInfo } from './id-tag-info';

export type RememberedAnswer = Omit<IdTagInfo, 'parentIdTag'> & { sealedParent?: string };

export interface SealKey {
  readonly identity: IdentityHash;
  readonly startKey: string;
  readonly idTag: string;
}

export function sealAnswer({ parentIdTag, ...rest }: IdTagInfo, key: SealKey): RememberedAnswer {
  if (parentIdTag === undefined) return rest;
  const cipher = createCipheriv('aes-256-gcm', keyOf(key), NONCE);
  const text = Buffer.concat([cipher.update(parentIdTag, 'utf8'), cipher.final()]);
  return { ...rest, sealedParent: Buffer.concat([cipher.getAuthTag(), text]).toString('base64') };
}

export function openAnswer({ sealedParent, ...rest }: RememberedAnswer, key: SealKey): IdTagInfo {
  if (sealedParent === undefined) return rest;
  const bytes = Buffer.from(sealedParent, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(key), NONCE);
  decipher.setAuthTag(bytes.subarray(0, TAG_BYTES));
  const parentIdTag = Buffer.concat([decipher.update(bytes.subarray(TAG_BYTES)), decipher.final()]).toString('utf8');
  return { ...rest, parentIdTag };
}

/** Each start has a key of its own, and only its first answer is kept: a key seals one text, so the nonce need not change. */
const NONCE = Buffer.alloc(12);
const TAG_BYTES = 16;

/** 32 characters are 32 bytes. */
function keyOf({ identity, startKey, idTag }: SealKey): Buffer {
  return Buffer.from(identity.of('remembered answer', `${startKey}/${foldIdentity(idTag)}`), 'latin1');
}
