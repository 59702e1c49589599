import type { OwnControl } from './own-controls.ts';

/** What a file of controls says that it is. */
export const controlsFile = { kind: 'offboarding-wizard-controls', version: 1 } as const;

/** The file of these controls. */
export const writeControls = (controls: readonly OwnControl[]): string =>
  `${JSON.stringify({ ...controlsFile, controls }, null, 2)}\n`;
