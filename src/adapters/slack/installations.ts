import type { Installation, InstallationQuery, InstallationStore } from '@slack/bolt';
import type { InstallationVault } from '../vault.ts';

/** The id of an installation: the organisation's for an org-wide install, which has no workspace, else the workspace's. */
const idOf = (of: {
  readonly isEnterpriseInstall?: boolean | undefined;
  readonly teamId?: string | undefined;
  readonly enterpriseId?: string | undefined;
}): string => (of.isEnterpriseInstall || !of.teamId ? `slack-org:${of.enterpriseId}` : `slack-team:${of.teamId}`);

/** Bolt's installation store over the bot's vault. What is missing is an error, as Bolt wants it: then no listener is called. */
export function createInstallations(vault: InstallationVault): InstallationStore {
  return {
    async storeInstallation(installation) {
      const id = idOf({
        isEnterpriseInstall: installation.isEnterpriseInstall,
        teamId: installation.team?.id,
        enterpriseId: installation.enterprise?.id,
      });
      await vault.save(id, installation);
    },
    async fetchInstallation(query: InstallationQuery<boolean>) {
      const kept = await vault.load(idOf(query));
      if (kept === undefined) throw new Error('the app is not installed in this workspace');
      return kept as Installation<'v2', never>;
    },
    async deleteInstallation(query: InstallationQuery<boolean>) {
      await vault.remove(idOf(query));
    },
  };
}
