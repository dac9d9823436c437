/** What only looks at the sample estate and does it no harm, one after the other on the same page. */
import './looked-at/time-pages.ts';
import './looked-at/link-elsewhere.ts';
import './looked-at/pages-accessible.ts';
