/** One 16 x 16 drawing: stroked paths, filled paths, and paths cut out of a filled one. */
interface Shape {
  stroke?: string;
  fill?: string;
  /** Drawn over `fill` in the colour behind the icon. */
  cut?: string;
  dashed?: string;
}

const circle = 'M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5z';
const disc = 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z';
const person =
  'M8 2.25a2.75 2.75 0 1 1 0 5.5a2.75 2.75 0 0 1 0-5.5z M2.75 14c.4-2.9 2.4-4.25 5.25-4.25S12.85 11.1 13.25 14';

/** Every drawing by name: the states of a run, one for each kind of category, and the marks of controls. */
export const shapes = {
  // The state vocabulary: each a different outline, so that colour is never alone.
  queued: { stroke: circle },
  running: { stroke: 'M8 1.75A6.25 6.25 0 0 1 14.25 8' },
  completed: { fill: disc, cut: 'M4.75 8.25l2.25 2.25l4.25-4.75' },
  failed: { fill: 'M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z', cut: 'M8 4.25v4.5 M8 11.5v.1' },
  notRun: { stroke: `${circle} M5 8h6` },
  moved: { stroke: 'M2.75 8.5l3.5 3.5l7-8' },
  skipped: {
    stroke: 'M2 7.5C3.2 4.6 5.3 3.25 8 3.25c2.5 0 4.5 1.3 5.6 3.75 M13.9 3.5v3.75h-3.75 M3.5 12.75h9',
  },
  unknown: { dashed: circle, stroke: 'M6.2 6.4a1.8 1.8 0 1 1 2.5 1.75c-.5.2-.7.5-.7 1.1 M8 11.3v.1' },
  unread: {
    stroke:
      'M6.75 4.75l1.5-1.5a2.9 2.9 0 0 1 4.1 4.1l-1.5 1.5 M9.25 11.25l-1.5 1.5a2.9 2.9 0 0 1-4.1-4.1l1.5-1.5 M2.5 3.5l1.5 1 M3.75 1.75l.75 1.75 M13.5 12.5l-1.5-1 M12.25 14.25l-.75-1.75',
  },
  paused: { stroke: 'M5.5 3v10 M10.5 3v10' },

  // One for each kind of category.
  'customers.csm': {
    stroke:
      'M2.25 14V3.25L8 1.5v12.5 M8 6.25l5.75 1.5V14 M1.25 14h13.5 M4.5 5.5h1.25 M4.5 8.5h1.25 M4.5 11.5h1.25 M10.5 10.5h1 M10.5 12.5h1',
  },
  'customers.accountManager': {
    stroke: 'M1.75 5.25h12.5v8.5H1.75z M5.5 5V2.75h5V5 M1.75 8.75h12.5 M8 8v1.75',
  },
  'tasks.open': { stroke: 'M2.25 2.25h11.5v11.5H2.25z M5 8.25l2 2l4-4.5' },
  'playbooks.tasks': { stroke: 'M2 3h5v4H2z M9 9h5v4H9z M4.5 7v4H9 M7 5h4.5v4' },
  'lifecycles.tasks': {
    stroke:
      'M13.75 8a5.75 5.75 0 0 1-10.6 3.1 M2.25 8a5.75 5.75 0 0 1 10.6-3.1 M13.25 1.75v3.25H10 M2.75 14.25V11H6',
  },
  'playbooks.senders': { stroke: 'M14.25 1.75L1.75 6.75l4.75 2.5l2.75 5z M6.5 9.25l7.75-7.5' },
  'dashboards.personal': { stroke: 'M1.75 13.75h12.5 M3.75 11.25v-3.5 M8 11.25V2.75 M12.25 11.25V5.5' },
  'views.customers': { stroke: 'M1.75 2.75h12.5v10.5H1.75z M1.75 6.25h12.5 M6 6.25v7' },
  'views.insights': {
    stroke:
      'M1 8c2-3.3 4.3-4.75 7-4.75S13 4.7 15 8c-2 3.3-4.3 4.75-7 4.75S3 11.3 1 8z M8 6a2 2 0 1 1 0 4a2 2 0 0 1 0-4z',
  },
  'attributes.user': { stroke: 'M2 2h5.5l6.5 6.5L8.5 14L2 7.5z M5 5v.1' },
  'approvals.pending': {
    stroke: 'M6 9.5V8C6 6.5 5 6 5 4.5a3 3 0 0 1 6 0C11 6 10 6.5 10 8v1.5 M3 9.5h10v2.25H3z M3 14.25h10',
  },
  'emails.scheduled': {
    stroke:
      'M14.25 7V3H1.75v9.25H7 M1.75 3.5L8 8l6.25-4.5 M11.5 8.75a2.9 2.9 0 1 1 0 5.8a2.9 2.9 0 0 1 0-5.8z M11.5 10.25v1.5l1 .75',
  },
  'mailboxes.connected': { stroke: 'M1.75 3h12.5v10H1.75z M1.75 3.75L8 8.5l6.25-4.75' },
  signatures: {
    stroke:
      'M1.75 13.75h12.5 M2.5 10.5c2.2-.8 5.2-4.6 4.9-7c-.2-1.6-2-1.2-2.1.9c-.1 2.9.9 5.8 2.2 5.8c1 0 1-1.6 1.8-1.6s.6 1.4 1.5 1.4s1.3-.7 2.7-.9',
  },
  'tokens.api': { stroke: 'M5 7a3.5 3.5 0 1 1 0 7a3.5 3.5 0 0 1 0-7z M7.5 8l6.25-6.25 M11 4.5l2.25 2.25' },
  other: { stroke: 'M8 1.75l5.75 3v6.5L8 14.25l-5.75-3v-6.5z M2.5 5L8 7.75L13.5 5 M8 7.75v6.25' },

  // Controls.
  add: { stroke: 'M8 2.75v10.5 M2.75 8h10.5' },
  arrowEnd: { stroke: 'M2.5 8h11 M9.5 4l4 4l-4 4' },
  back: { stroke: 'M10 3L5 8l5 5' },
  check: { stroke: 'M2.75 8.5l3.5 3.5l7-8' },
  chevronDown: { stroke: 'M3.5 6L8 10.5L12.5 6' },
  chevronEnd: { stroke: 'M6 3.5L10.5 8L6 12.5' },
  clock: { stroke: `${circle} M8 4.5V8l2.5 1.75` },
  close: { stroke: 'M3.5 3.5l9 9 M12.5 3.5l-9 9' },
  copy: { stroke: 'M5.25 5.25h8.5v8.5h-8.5z M2.25 10.75v-8.5h8.5' },
  expand: { stroke: 'M9.5 2.25h4.25V6.5 M13.75 2.25L9 7 M6.5 13.75H2.25V9.5 M2.25 13.75L7 9' },
  external: { stroke: 'M6.5 3H2.75v10.25H13V9.5 M9.25 2.25h4.5v4.5 M13.75 2.25L7.5 8.5' },
  history: { stroke: 'M2.25 8A5.75 5.75 0 1 0 4.5 3.5 M2.25 2.25v3.5h3.5 M8 5v3.25l2.25 1.5' },
  info: { stroke: `${circle} M8 7.25v4 M8 4.75v.1` },
  lock: { stroke: 'M3 7h10v7H3z M5 7V4.75a3 3 0 0 1 6 0V7' },
  more: {
    fill: 'M3 6.75a1.25 1.25 0 1 1 0 2.5a1.25 1.25 0 0 1 0-2.5z M8 6.75a1.25 1.25 0 1 1 0 2.5a1.25 1.25 0 0 1 0-2.5z M13 6.75a1.25 1.25 0 1 1 0 2.5a1.25 1.25 0 0 1 0-2.5z',
  },
  ok: { stroke: `${circle} M5 8.25l2.1 2.1l3.9-4.5` },
  person: { stroke: person },
  play: { stroke: 'M4.5 2.5l8.5 5.5l-8.5 5.5z' },
  plug: { stroke: 'M5.5 1.75v3 M10.5 1.75v3 M3.5 4.75h9V8a4.5 4.5 0 0 1-9 0z M8 12.5v2' },
  retry: { stroke: 'M13.75 8a5.75 5.75 0 1 1-1.7-4.1 M13.5 1.5v3.25h-3.25' },
  same: { stroke: 'M1.75 2.75h5v5h-5z M9.25 8.25h5v5h-5z M9.25 5.25h2.5v3 M6.75 10.75h-2.5v-3' },
  search: { stroke: 'M7 2.25a4.75 4.75 0 1 1 0 9.5a4.75 4.75 0 0 1 0-9.5z M10.5 10.5l3.5 3.5' },
  sort: { stroke: 'M5 2.75v10.5 M2.25 10.5L5 13.25l2.75-2.75 M11 13.25V2.75 M8.25 5.5L11 2.75l2.75 2.75' },
  sortAscending: { stroke: 'M8 13.25V3 M3.75 7L8 2.75L12.25 7' },
  sortDescending: { stroke: 'M8 2.75V13 M3.75 9L8 13.25L12.25 9' },
  stop: { stroke: 'M3.25 3.25h9.5v9.5h-9.5z' },
  table: { stroke: 'M1.75 2.75h12.5v10.5H1.75z M1.75 6.25h12.5 M1.75 9.75h12.5' },
  undo: { stroke: 'M2.5 6.25h7a4 4 0 0 1 0 8H6 M5.5 3L2.25 6.25L5.5 9.5' },
  warning: { stroke: 'M8 1.75L15 14H1z M8 6v4 M8 12v.1' },
} as const satisfies Record<string, Shape>;

export type IconName = keyof typeof shapes;

/** Drawings that point along the line of text: mirrored where that runs from right to left. */
export const directed: ReadonlySet<IconName> = new Set([
  'arrowEnd',
  'back',
  'chevronEnd',
  'external',
  'playbooks.senders',
  'skipped',
  'undo',
] as const);
