import type { Run, RunItem } from '../../lib/offboarding/model.ts';
import { endWords, holdupWords, itemWords, stepWords } from '../../lib/panel/run-words.ts';
import { waitOf } from '../../lib/panel/time-left.ts';
import { scanFailedWords, stepName, waitWords } from '../../lib/panel/words.ts';
import type { Store } from '../../lib/store/store.ts';
import { createText } from '../../lib/text/text.ts';
import en from '../../public/_locales/en/messages.json' with { type: 'json' };

/** The English texts, as the panel reads them. */
export const text = createText(
  (key) => (en as Record<string, { message: string }>)[key]?.message ?? '',
  'en',
);

/** What somebody saw who watched a run in the panel from its start to its end. */
export interface Witness {
  /** To be told of every announced run, and of the time at the panel. */
  watch(run: Run, now: Date): void;
  /**
   * Every sentence besides the usual, once, in the order of its appearance: why the run stood still or waited, why a
   * scan did not finish, what was said beneath a step (with its name before it), and the end where it was no success.
   */
  readonly saw: string[];
  /** What was said at the end, if it came. */
  readonly ended: string | undefined;
}

/** What is said of a leaver called Dana Ruiz when all went well. */
export const success = 'Dana Ruiz is inactive and owns nothing we can read.';

/**
 * How many are being verified or have failed so far, how far a run is, and seconds to wait are accidents of the moment:
 * # stands for them.
 */
const steady = (sentence: string): string =>
  sentence
    .replace(/[\d,]+ of [\d,]+ done/, '# of # done')
    .replace(/in [\d,]+ s\.$/, 'in # s.')
    .replace(/[\d,]+ items? (?:is|are) being verified\.$/, '# being verified.')
    .replace(/[\d,]+ items? did not move\.$/, '# did not move.');

/** Watches a run with the eyes of the panel. */
export function createWitness(): Witness {
  const saw: string[] = [];
  let ended: string | undefined;
  const see = (sentence: string): void => {
    const said = steady(sentence);
    if (!saw.includes(said)) saw.push(said);
  };
  return {
    saw,
    get ended() {
      return ended;
    },
    watch(run, now) {
      if (run.phase === 'draft' && run.scan.state === 'failed')
        see(`${text('scan_failed_title')} ${scanFailedWords(text, run.scan)}`);
      const wait = waitOf(run, now);
      if (wait) see(waitWords(text, wait));
      const holdup = holdupWords(text, run);
      if (holdup) see(`${holdup.title} ${holdup.body}`);
      for (const step of run.steps)
        for (const line of stepWords(text, run, step)) see(`${stepName(text, run, step)}: ${line}`);
      const { phase } = run;
      if (phase !== 'succeeded' && phase !== 'partial' && phase !== 'failed' && phase !== 'superseded')
        return;
      const { title, body } = endWords(text, run, phase);
      ended = `${title} ${body}`.trim();
      if (phase !== 'succeeded') see(ended);
    },
  };
}

/** The items of a run that did not move and will not, in the order of its steps. */
export async function failedOrSkipped(store: Store, run: Run): Promise<RunItem[]> {
  const items = await Promise.all(
    run.steps.map(({ category }) => (category === undefined ? [] : store.items.category(run.id, category))),
  );
  return items.flat().filter(({ state }) => state === 'failed' || state === 'skipped');
}

/** What the panel says of these items, each sentence once. `name`: of a member by id. */
export const saidOf = (items: readonly RunItem[], name: (member: string) => string): string[] => [
  ...new Set(items.map((item) => itemWords(text, item, name))),
];
