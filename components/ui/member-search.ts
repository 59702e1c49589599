import { useEffect, useRef, useState } from 'preact/hooks';
import type { MemberSearch, PickerMember } from './members.ts';

/** Milliseconds of silence before a search is made. */
const debounce = 120;
/** Milliseconds after which waiting is said. */
const patience = 200;

export interface MemberSearchState {
  /** The newest answer; while a later one is awaited, the one before. */
  answer: readonly PickerMember[];
  state: 'waiting' | 'slow' | 'done' | 'failed';
  retry: () => void;
}

/** Asks for members as somebody types. An answer that was overtaken by a later question is dropped, and aborted. */
export function useMemberSearch(search: MemberSearch, query: string): MemberSearchState {
  const [answer, setAnswer] = useState<readonly PickerMember[]>([]);
  const [state, setState] = useState<MemberSearchState['state']>('waiting');
  const [attempt, setAttempt] = useState(0);
  const wanted = query.trim();
  // A caller may pass a new function with each render; only another question is a reason to ask again.
  const ask = useRef(search);
  ask.current = search;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` makes the same search again
  useEffect(() => {
    const control = new AbortController();
    setState('waiting');
    const slow = setTimeout(() => setState('slow'), patience);
    const begin = () => {
      ask.current(wanted, control.signal).then(
        (members) => {
          if (control.signal.aborted) return;
          clearTimeout(slow);
          setAnswer(members);
          setState('done');
        },
        () => {
          if (control.signal.aborted) return;
          clearTimeout(slow);
          setAnswer([]);
          setState('failed');
        },
      );
    };
    const start = setTimeout(begin, wanted === '' ? 0 : debounce);
    return () => {
      clearTimeout(start);
      clearTimeout(slow);
      control.abort();
    };
  }, [wanted, attempt]);
  return { answer, state, retry: () => setAttempt((now) => now + 1) };
}
