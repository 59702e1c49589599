import { useRef } from 'preact/hooks';
import { Icon } from './Icon.tsx';
import './Stepper.css';

export interface StepperStep {
  id: string;
  label: string;
  state: 'done' | 'current' | 'ahead';
  /** It can be gone to now. False for steps ahead, and for all once the run has started. */
  link: boolean;
  /** In the vertical form, beside the label: a count. */
  detail?: string;
}

export interface StepperProps {
  /** Accessible name of the list, for example "Steps". */
  label: string;
  steps: readonly StepperStep[];
  onSelect: (id: string) => void;
  /** At the end of the line, for example "2 of 5". */
  summary?: string;
  /** For those who do not see fill and check mark: the words for done, current and ahead. */
  stateTexts: { done: string; current: string; ahead: string };
  /** A list with visible labels, for the tab's rail. Default: segments 4 px high. */
  vertical?: boolean;
}

/** Where one is among the steps. Visited steps are links; arrows move between them, Enter or Space chooses. */
export function Stepper({ label, steps, onSelect, summary, stateTexts, vertical }: StepperProps) {
  const list = useRef<HTMLOListElement>(null);
  const links = steps.filter((step) => step.link);
  const entry = links.find((step) => step.state === 'current') ?? links[0];
  const move = (from: HTMLElement, to: (at: number, all: HTMLElement[]) => number) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    all[(to(all.indexOf(from), all) + all.length) % all.length]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
    const forward = rtl ? 'ArrowLeft' : 'ArrowRight';
    const backward = rtl ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === forward || event.key === 'ArrowDown') move(event.currentTarget, (at) => at + 1);
    else if (event.key === backward || event.key === 'ArrowUp') move(event.currentTarget, (at) => at - 1);
    else if (event.key === 'Home') move(event.currentTarget, () => 0);
    else if (event.key === 'End') move(event.currentTarget, (_at, all) => all.length - 1);
    else return;
    event.preventDefault();
  };
  return (
    <nav class={`ow-stepper${vertical ? ' ow-stepper-vertical' : ''}`} aria-label={label}>
      <ol ref={list} class="ow-stepper-list">
        {steps.map((step, index) => {
          const inner = (
            <>
              <span class="ow-stepper-bar" aria-hidden="true">
                {vertical && (step.state === 'done' ? <Icon name="check" size={12} /> : index + 1)}
              </span>
              <span class={vertical ? 'ow-stepper-label' : 'ow-hidden'}>{step.label}</span>
              {vertical && step.detail !== undefined && <span class="ow-stepper-detail">{step.detail}</span>}
              <span class="ow-hidden">, {stateTexts[step.state]}</span>
            </>
          );
          return (
            <li
              key={step.id}
              class={`ow-stepper-step ow-stepper-${step.state}`}
              aria-current={step.state === 'current' ? 'step' : undefined}
            >
              {step.link ? (
                <button
                  type="button"
                  class="ow-stepper-target"
                  title={vertical ? undefined : step.label}
                  tabIndex={step === entry ? 0 : -1}
                  onClick={() => onSelect(step.id)}
                  onKeyDown={onKeyDown}
                >
                  {inner}
                </button>
              ) : (
                <span class="ow-stepper-target" title={vertical ? undefined : step.label}>
                  {inner}
                </span>
              )}
              {!vertical && step.state === 'done' && <Icon name="check" size={12} class="ow-stepper-check" />}
            </li>
          );
        })}
      </ol>
      {summary !== undefined && <span class="ow-caption ow-number">{summary}</span>}
    </nav>
  );
}
