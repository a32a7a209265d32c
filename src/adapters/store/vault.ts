import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { type InstallationVault, VaultError } from '../vault.ts';
import type { Records } from './store.ts';

const FORM = 'v1';
const ALGORITHM = 'aes-256-gcm';

/** Turns text into sealed text and back. What was sealed for one id cannot be opened under another. */
export interface Seal {
  close(id: string, text: string): string;
  /** Throws when the text was changed, or sealed with another key or for another id. */
  open(id: string, sealed: string): string;
}

/** AES-256-GCM with a key drawn from the store's key by HKDF-SHA-256, one key for each purpose. */
export function createSeal(key: string, purpose: string): Seal {
  const secret = Buffer.from(hkdfSync('sha256', key, '', `runners-back-bot ${purpose}`, 32));
  return {
    close(id, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(ALGORITHM, secret, nonce).setAAD(Buffer.from(id));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return [FORM, ...[nonce, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.');
    },
    open(id, sealed) {
      const [form, ...parts] = sealed.split('.');
      const [nonce, tag, body] = parts.map((part) => Buffer.from(part, 'base64url'));
      if (form !== FORM || !nonce || !tag || !body) throw new Error('not sealed text of this version');
      const decipher = createDecipheriv(ALGORITHM, secret, nonce, { authTagLength: 16 })
        .setAAD(Buffer.from(id))
        .setAuthTag(tag);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}

/** A vault over the records of a store. */
export function createVault(records: Records, key: string, hide: (id: string) => string): InstallationVault {
  const seal = createSeal(key, 'installations');
  const idOf = (id: string) => hide(`installation:${id}`);
  return {
    save: (id, installation) => records.put(idOf(id), seal.close(idOf(id), JSON.stringify(installation))),
    async load(id) {
      const sealed = await records.get(idOf(id));
      if (sealed === undefined) return undefined;
      try {
        return JSON.parse(seal.open(idOf(id), sealed));
      } catch (cause) {
        throw new VaultError({ cause });
      }
    },
    remove: (id) => records.remove(idOf(id)),
  };
}
