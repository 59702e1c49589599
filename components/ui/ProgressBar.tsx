import './ProgressBar.css';

export interface ProgressBarProps {
  /** 0 to 1; null while the whole is not known. */
  value: number | null;
  /** What is under way. */
  label: string;
  /** The state in words, for example "412 of 1,284". */
  valueText?: string;
  /** 2 px high, for a row. Default 6. */
  thin?: boolean;
  /** The words beside it already say everything: hidden from the accessibility tree. */
  decorative?: boolean;
  tone?: 'accent' | 'ok' | 'warn' | 'danger';
}

/** A bar that moves by transform, never backwards by layout. */
export function ProgressBar({
  value,
  label,
  valueText,
  thin,
  decorative,
  tone = 'accent',
}: ProgressBarProps) {
  const share = value === null ? 0 : Math.min(1, Math.max(0, value));
  const classes = `ow-progress ow-progress-${tone}${thin ? ' ow-progress-thin' : ''}${value === null ? ' ow-progress-open' : ''}`;
  const bar = (
    <span class="ow-progress-bar" style={value === null ? undefined : { transform: `scaleX(${share})` }} />
  );
  if (decorative)
    return (
      <span class={classes} aria-hidden="true">
        {bar}
      </span>
    );
  return (
    <span
      class={classes}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={value === null ? undefined : Math.floor(share * 100)}
      aria-valuetext={valueText}
    >
      {bar}
    </span>
  );
}
