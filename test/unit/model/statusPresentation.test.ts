import assert from 'node:assert/strict';
import {
  statusBarModel,
  viewDescription,
  viewMessage,
  viewNextChangeInMs,
} from '../../../src/model/statusPresentation';
import type { BackendState } from '../../../src/model/backendState';
import type { BackendView } from '../../../src/model/snapshot';
import { idleOf, viewOf } from './viewOf';

const named = (...states: BackendState[]): BackendView[] => states.map((state, n) => viewOf(state, { name: `b${n}` }));

describe('status bar', () => {
  it('is hidden without backends', () => {
    assert.equal(statusBarModel([]).hidden, true);
    assert.equal(statusBarModel(named('stopped')).hidden, false);
    assert.equal(statusBarModel([], true).hidden, true);
  });

  it('counts nothing while what runs is not known yet', () => {
    const { text, accessibleLabel } = statusBarModel(named('stopped', 'stopped'), true);
    assert.deepEqual([text, accessibleLabel], ['connecting', 'Backends: connecting']);
  });

  const cases: readonly [BackendState[], string, string, string][] = [
    [['stopped', 'stopped'], '0/2 ready', 'none', 'server-process'],
    [['ready', 'waiting'], '1/2 ready', 'busy', 'loading~spin'],
    [['ready', 'ready', 'starting'], '2/3 ready', 'busy', 'loading~spin'],
    [['ready', 'stopping'], '1/2 ready', 'busy', 'loading~spin'],
    [['ready', 'ready', 'stopped'], '2/3 ready', 'calm', 'server-process'],
    [['ready', 'draining'], '1/2 ready', 'calm', 'server-process'],
    [['quiesced'], '0/1 ready', 'calm', 'server-process'],
    [['ready', 'failed'], '1/2 ready', 'error', 'error'],
    [['starting', 'failed'], '0/2 ready', 'error', 'loading~spin'],
  ];
  for (const [states, text, severity, icon] of cases) {
    it(`${states.join(', ')} is ${text}, ${severity}, ${icon}`, () => {
      const model = statusBarModel(named(...states));
      assert.deepEqual([model.text, model.severity, model.icon], [text, severity, icon]);
    });
  }

  it('does_not_count_one_that_does_not_answer_as_ready', () => {
    const absent = viewOf('ready', { name: 'api', notAnswering: { since: 1, saw: 'connection refused' } });
    const model = statusBarModel([...named('ready'), absent]);
    assert.equal(model.text, '1/2 ready');
    assert.equal(model.icon, 'warning');
    assert.equal(model.accessibleLabel, 'Backends: 1 of 2 ready, 1 not answering');
    assert.ok(model.tooltipLines.includes('api: not answering · stays awake'), model.tooltipLines.join());
  });

  it('the accessible label counts in words what differs from ready', () => {
    const views = named('ready', 'ready', 'failed', 'waiting', 'starting', 'quiesced', 'stopping', 'stopped');
    assert.equal(
      statusBarModel(views).accessibleLabel,
      'Backends: 2 of 8 ready, 1 failed, 2 starting, 1 stopping, 1 asleep, 1 stopped',
    );
    assert.equal(statusBarModel(named('ready')).accessibleLabel, 'Backends: 1 of 1 ready');
  });

  it('the tooltip has a line a backend, without countdowns', () => {
    const views = [
      viewOf('ready', { publicPort: 3000, idle: idleOf(20_000) }),
      viewOf('quiesced', { name: 'api' }),
      viewOf('stopped', { name: 'web', folder: 'other', key: '/other#web' }),
    ];
    assert.deepEqual(statusBarModel(views).tooltipLines, [
      'work/web: ready :3000',
      'api: asleep',
      'other/web: stopped',
    ]);
  });
});

describe('the line above the rows', () => {
  it('tells how many are ready, with the countdown where one is shown', () => {
    const views = [viewOf('ready'), viewOf('stopped', { name: 'api' })];
    assert.equal(viewMessage(views, 'web sleeps in 0:48'), '1/2 ready · web sleeps in 0:48');
    assert.equal(viewMessage(views, ''), '1/2 ready');
  });

  it('leaves the place to the welcome where there are no backends', () => assert.equal(viewMessage([], ''), undefined));
});

describe('view description', () => {
  it('counts the next backend to sleep down, to the second', () => {
    const views = [viewOf('ready', { name: 'api', idle: idleOf(90_000) }), viewOf('ready', { idle: idleOf(48_000) })];
    assert.equal(viewDescription(views), 'web sleeps in 0:48');
    assert.equal(viewDescription(views, 1), 'web sleeps in 0:48');
    assert.equal(viewDescription(views, 1_000), 'web sleeps in 0:47');
    assert.equal(viewNextChangeInMs(views), 1_000);
    assert.equal(viewNextChangeInMs(views, 1), 999);
  });

  it('of two that sleep at the same time the first is named', () => {
    const views = ['a', 'b'].map((name) => viewOf('ready', { name, idle: idleOf(5_000) }));
    assert.equal(viewDescription(views), 'a sleeps in 0:05');
  });

  it('is empty, and nothing ticks, when no countdown runs', () => {
    const views = [
      viewOf('ready'),
      viewOf('ready', { idle: idleOf(9, { kind: 'debug', reason: 'a debug session' }) }),
      viewOf('draining', { idle: idleOf(0) }),
      viewOf('ready', { oneShot: true, idle: idleOf(1_000) }),
    ];
    assert.equal(viewDescription(views), '');
    assert.equal(viewNextChangeInMs(views), undefined);
  });
});
