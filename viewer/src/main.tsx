import { createApi } from './feed/api.ts';
import { createSession } from './session/create-session.ts';
import './styles/styles.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');

// The session begins to ask, and its workers to load, while the page around it is still being read.
const api = createApi({ fetch: (input, init) => fetch(input, init) });
const session = createSession({ api });
import('./app/start-page.tsx').then(
  ({ startPage }) => startPage({ session, api, window, root }),
  () => {
    root.textContent = 'This page could not be loaded whole. Reload it; the monitor itself goes on.';
  },
);
