import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  type RouterHistory,
} from '@tanstack/react-router';
import { readChartsSearch } from '../charts/charts-search.ts';
import { readCompareSearch } from '../compare/compare-search.ts';
import { Frame } from './Frame.tsx';
import type { AddressBar } from './keep-address.ts';
import { MapPage } from './MapPage.tsx';
import { PageFailed, PageMissing } from './PageFailed.tsx';
import { formatSearch, parseSearch, searchOfView, type ViewSearch, viewOfSearch } from './view-url.ts';

/**
 * The pages. Each is one route: its path, what its own search parameters mean (it gets them as texts), and its component, read when somebody goes
 * there. The parameters of the view (window, theme, what is looked for …) are the root's, so every page has them.
 */
const root = createRootRoute({
  validateSearch: (raw: Record<string, unknown>): ViewSearch => searchOfView(viewOfSearch(raw)),
  component: Frame,
  notFoundComponent: PageMissing,
});
const map = createRoute({ getParentRoute: () => root, path: '/', component: MapPage });

const charts = createRoute({
  getParentRoute: () => root,
  path: '/charts',
  validateSearch: readChartsSearch,
  component: lazyRouteComponent(() => import('../charts/ChartsPage.tsx'), 'ChartsPage'),
});
const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: readCompareSearch,
  component: lazyRouteComponent(() => import('../compare/ComparePage.tsx'), 'ComparePage'),
});

const pages = [map, charts, compare];

export function createViewRouter(history?: RouterHistory) {
  return createRouter({
    routeTree: root.addChildren(pages),
    parseSearch,
    stringifySearch: formatSearch,
    defaultErrorComponent: PageFailed,
    ...(history === undefined ? {} : { history }),
  });
}

export type ViewRouter = ReturnType<typeof createViewRouter>;

declare module '@tanstack/react-router' {
  interface Register {
    router: ViewRouter;
  }
}

/** The router's address, for the view. */
export const routerAddress = (router: ViewRouter): AddressBar => ({
  read: () => parseSearch(router.history.location.search),
  write(search, step) {
    const { pathname, search: before } = router.history.location;
    const others = withoutView(parseSearch(before));
    const href = `${pathname}${formatSearch({ ...search, ...others })}`;
    if (step) router.history.push(href);
    else router.history.replace(href);
  },
  subscribe: (listener) => router.history.subscribe(listener),
});

/** What of the parameters is a page's own. */
function withoutView(search: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(search).filter(([name]) => !VIEW_PARAMETERS.has(name)));
}

const VIEW_PARAMETERS: ReadonlySet<string> = new Set([
  ...['level', 'node', 'link', 'exchange', 'from', 'to', 'at', 'speed', 'minutes', 'theme', 'camera', 'find', 'rest'],
  ...['transaction', 'table', 'sort', 'wall', 'loop', 'around', 'details', 'layout', 'forces', 'light'],
]);
