/** The pages as the row of chrome lists them. */
export const PAGE_LINKS = [{ to: '/', word: 'Map' }] as const;
