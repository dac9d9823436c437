import { estateInBrowser } from '../driver/estate-in-browser.ts';

/** One estate and one browser for all that only look at them: to start them takes as long as to look. */
export const shared = estateInBrowser({ rate: 20 });
