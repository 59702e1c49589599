/** Paths on a 20 by 20 grid, drawn with a stroke of 1.6. */
const paths = {
  customers: 'M3 17V7l7-4 7 4v10M7.500 17v-4.500h5V17M7.500 8.500h.01M12.500 8.500h.01',
  tasks:
    'M3.500 5l1.500 1.500L7.500 4M3.500 10.500L5 12l2.500-2.500M3.500 16L5 17.500 7.500 15M10.500 5.500h6M10.500 11h6M10.500 16.500h6',
  playbooks:
    'M10 5.500C8.500 4 6 3.500 3 3.500v11.500c3 0 5.500.500 7 2 1.500-1.500 4-2 7-2V3.500c-3 0-5.500.500-7 2zM10 5.500V17',
  lifecycles: 'M4 10a6 6 0 0 1 10.500-4M16 10a6 6 0 0 1-10.500 4M14.500 2.500V6H11M5.500 17.500V14H9',
  insights: 'M3 17h14M5.500 14v-4M10 14V5M14.500 14V8',
  touchpoints: 'M3 4.500h14v10H9l-4 3v-3H3zM6.500 8.500h7M6.500 11.500h4',
  settings:
    'M10 12.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5zM10 2.500v2M10 15.500v2M2.500 10h2M15.500 10h2M4.700 4.700l1.400 1.400M13.900 13.900l1.400 1.400M4.700 15.300l1.400-1.400M13.900 6.100l1.400-1.400',
  search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.500 13.500L17 17',
  chevron: 'M8 5l5 5-5 5',
  signOut: 'M8 3.500H4v13h4M9 10h8M14 7l3 3-3 3',
  owner:
    'M10 10a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400zM4 17c.400-3 2.800-4.600 6-4.600s5.600 1.600 6 4.600',
  email: 'M3 5h14v10.500H3zM3.500 5.500L10 11l6.500-5.500',
  task: 'M4 4h12v12H4zM7 10l2 2 4-4.500',
  attribute: 'M3.500 3.500h6L17 11l-6 6-7.500-7.500zM7 7h.01',
  view: 'M2.500 10c2-3.500 4.500-5 7.500-5s5.500 1.500 7.500 5c-2 3.500-4.500 5-7.500 5s-5.500-1.500-7.500-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  snooze: 'M10 5.500V10l3 2M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z',
  warn: 'M10 3L2.500 16.500h15zM10 8.500v3.500M10 14.300h.01',
  close: 'M5 5l10 10M15 5L5 15',
  check: 'M4 10.500l4 4 8-9',
} as const;

export type IconName = keyof typeof paths;

/** A decorative icon; what it means is said in text beside it. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** The product's mark. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        class="mark-line"
        d="M16 11v13.500M7.500 17.500c.600 4.800 4 7.600 8.500 7.600s7.900-2.800 8.500-7.600"
      />
      <path
        class="mark-warm"
        d="M11.500 14.200h9M18.600 8.400a2.600 2.600 0 1 1-5.200 0 2.600 2.600 0 0 1 5.200 0z"
      />
    </svg>
  );
}
