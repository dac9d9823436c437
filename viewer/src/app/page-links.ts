/** The pages as the row of chrome lists them. */
export const PAGE_LINKS = [
  { to: '/', word: 'Map' },
  { to: '/charts', word: 'Charts' },
  { to: '/compare', word: 'Compare' },
] as const;
