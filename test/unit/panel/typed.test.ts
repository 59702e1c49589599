import { expect, it } from 'vitest';
import type { Context } from '../../../lib/engine/context.ts';
import { refusalOf } from '../../../lib/engine/identity.ts';
import { signedOut } from '../../../lib/engine/session.ts';
import { Refused } from '../../../lib/messages/refused.ts';
import { type Pause, pauseSchema } from '../../../lib/offboarding/holdups.ts';
import type { Run } from '../../../lib/offboarding/model.ts';
import { pauseWords, refusalWords, scanFailedWords } from '../../../lib/panel/words.ts';
import { WorkspaceError } from '../../../lib/workspace/errors.ts';
import { read } from '../../tools/reading.ts';

const { text, locale } = read('en');
const context = { clock: { now: () => new Date('2026-11-22T10:00:00Z') } } as Context;
const wordsOf = (pause: Pause) =>
  pauseWords(text, { pause, leaver: { name: 'Dana' }, by: { name: 'Priya' } } as Run, {
    settled: 1,
    total: 4,
  });
const refused = (error: WorkspaceError) => {
  const made = refusalOf(error);
  if (!(made instanceof Refused)) throw new Error('Expected a refusal.');
  return refusalWords({ text, locale }, made.refusal);
};

it('issue 5: a session that was typed in is to be replaced, for nobody can sign in to it; any other asks to sign in', () => {
  const token = new WorkspaceError('auth', 'Connect this org again with a new one.', { typed: true });
  const pause = signedOut(context, token);
  expect(pauseSchema.parse(pause)).toEqual({
    kind: 'signedOut',
    detail: token.message,
    typed: true,
    resumeAt: '2026-11-22T10:00:05.000Z',
  });
  expect(wordsOf(pause)).toEqual({
    title: 'This connection’s token or key is not taken any more.',
    body: 'Connect this org again with a new one. The run then goes on by itself. 1 of 4 done, nothing lost.',
  });
  expect(refused(token).body).toBe('Connect this org again with a new one. Nothing is lost.');

  const session = new WorkspaceError('auth', 'The session is over.');
  expect(signedOut(context, session)).not.toHaveProperty('typed');
  expect(wordsOf(signedOut(context, session)).body).toContain('Sign in to the workspace');
  expect(refused(session).body).toContain('Sign in to the workspace');
});

it('issue 5: a scan whose token or key is not taken asks nobody to sign in', () => {
  const failed = (error: { typed?: true }) =>
    scanFailedWords(text, {
      state: 'failed',
      changes: [],
      resumeAt: '2026-11-22T10:00:05.000Z',
      error: { key: 'auth', detail: 'Not taken.', ...error },
    });
  expect(failed({})).toMatch(/^Not taken\. Nothing was changed.*Sign in to the workspace in any tab/);
  expect(failed({ typed: true })).toMatch(/^Not taken\. .*new token or key, the scan goes on by itself\.$/);
  expect(failed({ typed: true })).not.toContain('Sign in');
});
