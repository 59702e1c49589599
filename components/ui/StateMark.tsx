import { Icon } from './Icon.tsx';
import './StateMark.css';

/** The states a step, an item or a reading can be in (the vocabulary of the design). */
export type StateName =
  | 'queued'
  | 'running'
  | 'completed'
  | 'failed'
  | 'notRun'
  | 'moved'
  | 'skipped'
  | 'unknown'
  | 'unread'
  | 'paused';

export interface StateMarkProps {
  state: StateName;
  /** The word for the state. */
  text: string;
  /** Shows the icon alone; the word stays for those who do not see it. */
  iconOnly?: boolean;
}

/** A state as shape, word and colour together. */
export function StateMark({ state, text, iconOnly }: StateMarkProps) {
  return (
    <span class={`ow-state ow-state-${state}`} title={iconOnly ? text : undefined}>
      <Icon name={state} spin={state === 'running'} />
      <span class={iconOnly ? 'ow-hidden' : undefined}>{text}</span>
    </span>
  );
}
