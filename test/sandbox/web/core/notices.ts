import { signal } from '@preact/signals';

export interface Notice {
  id: number;
  tone: 'good' | 'bad';
  text: string;
}

/** Short messages at the lower edge of the page. */
export const notices = signal<readonly Notice[]>([]);
let last = 0;

/** Shows a message for a few seconds; errors stay longer. */
function notify(text: string, tone: Notice['tone'] = 'good'): void {
  last += 1;
  const id = last;
  notices.value = [...notices.value.slice(-2), { id, tone, text }];
  window.setTimeout(() => dismiss(id), tone === 'bad' ? 12_000 : 5_000);
}

/** Takes a message away. */
export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Does something that may fail, and says so if it does. Resolves to whether it went well. */
export async function attempt(work: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await work();
    if (done) notify(done);
    return true;
  } catch (error) {
    notify(error instanceof Error ? error.message : String(error), 'bad');
    return false;
  }
}

export interface Question {
  title: string;
  body: string;
  confirm: string;
  danger?: boolean;
  answer(yes: boolean): void;
}

/** The confirmation that is open, if one is. */
export const question = signal<Question | undefined>(undefined);

/** Asks for a confirmation; resolves to the answer. */
export function confirm(options: Omit<Question, 'answer'>): Promise<boolean> {
  return new Promise((resolve) => {
    question.value?.answer(false);
    question.value = {
      ...options,
      answer: (yes) => {
        question.value = undefined;
        resolve(yes);
      },
    };
  });
}
