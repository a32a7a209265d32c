import { corpusFolderOf, readBrain } from '../brain-file.ts';
import { CorpusError } from '../core/fault.ts';
import { openStore } from '../open-store.ts';
import { readSettings, type Settings, SettingsError } from '../settings.ts';
import { examineDiscord } from './discord.ts';
import { type Finding, note, ok, wrong } from './finding.ts';
import { examineSlack } from './slack.ts';

const MARKS = { ok: 'ok   ', note: 'note ', wrong: 'WRONG' } as const;

async function examineCorpus(settings: Settings): Promise<readonly Finding[]> {
  try {
    const { brain, rebuilt } = await readBrain(settings, { hours: settings.SESSION_TTL_HOURS, place: '' });
    return [
      ok(`corpus: sound, ${brain.passages.size} passages`),
      ...(rebuilt ? [note('corpus: changed since the last build; `npm run build` makes starts fast')] : []),
      settings.REGION === 'unknown'
        ? note('region: REGION is not set, so warnings name no number of a country; set it to yours')
        : settings.REGION in brain.corpus.regions
          ? brain.region.verified
            ? ok(`region: ${brain.region.name}`)
            : note(
                `region: the numbers of ${brain.region.name} have not been compared with the official pages; call them once`,
              )
          : wrong(`region: regions.yaml has no row ${settings.REGION}; add it, or use one that is there`),
    ];
  } catch (error) {
    if (error instanceof CorpusError) return error.message.split('\n').map((line) => wrong(`corpus: ${line}`));
    return [wrong(`corpus: the folder ${corpusFolderOf(settings)} cannot be read; check CORPUS_DIR`)];
  }
}

async function examineStore(settings: Settings): Promise<readonly Finding[]> {
  const store = await openStore(settings, () => {});
  try {
    if (store.notice) return [wrong(`store: ${store.notice}`)];
    const fault = await store.fault();
    if (fault) return [wrong(`store: ${fault}; check STORE_URL, the disk and the rights on it`)];
    return [
      store.kind === 'memory'
        ? note('store: in memory; a restart forgets every session, so set STORE_URL for more than a trial')
        : ok(`store: ${store.kind === 'file' ? 'the file' : 'Redis'} can be read and written`),
    ];
  } finally {
    await store.sessions.close().catch(() => undefined);
  }
}

/** Examines all that running needs and says what to mend, a line each. Resolves to the exit code: 1 when something is wrong. */
export async function examine(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<number> {
  let worst = 0;
  const tell = (findings: readonly Finding[]) => {
    for (const { level, text } of findings) {
      if (level === 'wrong') worst = 1;
      say(`${MARKS[level]} ${text}`);
    }
  };
  let settings: Settings;
  try {
    settings = readSettings(env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    tell(error.faults.map((fault) => wrong(`settings: ${fault}`)));
    return worst;
  }
  tell([ok('settings: complete')]);
  tell(await examineCorpus(settings));
  tell(await examineStore(settings));
  tell(await examineDiscord(settings));
  tell(await examineSlack(settings));
  say(worst ? 'Something must be mended before the bot works as the settings ask.' : 'All is well.');
  return worst;
}
