import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import './RadioCards.css';

interface RadioCard<T extends string> {
  value: T;
  label: string;
  /** What choosing it has for a consequence. */
  description?: ComponentChildren;
  disabled?: boolean;
}

export interface RadioCardsProps<T extends string> {
  /** What is being chosen; visible unless `hideLabel`. */
  label: string;
  hideLabel?: boolean;
  value: T | null;
  options: readonly RadioCard<T>[];
  onChange: (value: T) => void;
}

/** One of a few, each with its consequence. Arrows move, Enter or Space chooses (ARIA radio group, roving focus). */
export function RadioCards<T extends string>({
  label,
  hideLabel,
  value,
  options,
  onChange,
}: RadioCardsProps<T>) {
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  const open = options.filter((option) => !option.disabled);
  const entry = open.find((option) => option.value === value) ?? open[0];

  const move = (from: T, by: number) => {
    const next = open[(open.findIndex((option) => option.value === from) + by + open.length) % open.length];
    if (next) group.current?.querySelector<HTMLElement>(`[data-value="${CSS.escape(next.value)}"]`)?.focus();
  };

  return (
    <div class="ow-radio-cards">
      <p id={id} class={hideLabel ? 'ow-hidden' : 'ow-strong'}>
        {label}
      </p>
      <div ref={group} role="radiogroup" aria-labelledby={id} class="ow-radio-cards-list">
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useSemanticElements: native radios choose on arrow keys; here arrows only move
          <div
            key={option.value}
            role="radio"
            class="ow-radio-card"
            data-value={option.value}
            aria-checked={option.value === value}
            aria-disabled={option.disabled ? 'true' : undefined}
            aria-labelledby={`${id}-${index}`}
            aria-describedby={option.description === undefined ? undefined : `${id}-${index}-description`}
            tabIndex={option === entry ? 0 : -1}
            onClick={() => {
              if (!option.disabled) onChange(option.value);
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown' || event.key === 'ArrowRight') move(option.value, 1);
              else if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') move(option.value, -1);
              else if (event.key === 'Enter' || event.key === ' ') {
                if (!option.disabled) onChange(option.value);
              } else return;
              event.preventDefault();
            }}
          >
            <span class="ow-radio-card-dot" aria-hidden="true" />
            <span class="ow-radio-card-text">
              <span id={`${id}-${index}`} class="ow-strong">
                {option.label}
              </span>
              {option.description !== undefined && (
                <span id={`${id}-${index}-description`} class="ow-radio-card-description">
                  {option.description}
                </span>
              )}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
