interface ActiveSwitchProps {
  id: string;
  /** Whose switch it is. */
  name: string;
  active: boolean;
  disabled: boolean;
  change(active: boolean): void;
}

/** The switch that sets a member active or inactive; its accessible name is "Active: " and the member's name. */
export function ActiveSwitch({ id, name, active, disabled, change }: ActiveSwitchProps) {
  return (
    <button
      id={id}
      type="button"
      class="switch"
      role="switch"
      aria-checked={active}
      aria-label={`Active: ${name}`}
      disabled={disabled}
      onClick={() => change(!active)}
    />
  );
}
