import { Link } from '@tanstack/react-router';
import { PAGE_LINKS } from './page-links.ts';
import { searchOfView, viewOfSearch } from './view-url.ts';

/** From page to page, the view with it: what is a page's own stays behind. */
export function PageLinks() {
  if (PAGE_LINKS.length < 2) return null;
  return (
    <nav className="segments pages" aria-label="Pages">
      {PAGE_LINKS.map(({ to, word }) => (
        <Link key={to} to={to} search={(before) => searchOfView(viewOfSearch({ ...before }))} activeOptions={EXACT}>
          {word}
        </Link>
      ))}
    </nav>
  );
}

const EXACT = { exact: true, includeSearch: false };
