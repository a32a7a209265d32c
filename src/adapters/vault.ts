/**
 * Where a channel keeps what lets it into a workspace (Slack's installations: tokens, so secrets). What is kept is encrypted, and the
 * id is hidden by a keyed hash: who holds the store without STORE_KEY can read neither.
 */
export interface InstallationVault {
  /** Keeps an installation, in place of one of the same id. It must survive JSON. */
  save(id: string, installation: unknown): Promise<void>;
  /** `undefined` means: nothing is kept under this id. Rejects with a VaultError when it was kept under another STORE_KEY. */
  load(id: string): Promise<unknown>;
  /** Deletes it; nothing happens when there is none. */
  remove(id: string): Promise<void>;
}

/** What is kept cannot be read with the key at hand. The message says what to do and holds no secret. */
export class VaultError extends Error {
  constructor(options?: { readonly cause?: unknown }) {
    super(
      'an installation in the store cannot be decrypted: STORE_KEY is not the one it was kept under; set the old key, or install the app in the workspace again',
      options,
    );
    this.name = 'VaultError';
  }
}
