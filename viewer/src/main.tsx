import { startPage } from './app/start-page.tsx';
import { createApi } from './feed/api.ts';
import { createSession } from './session/create-session.ts';
import './styles/styles.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');

const api = createApi({ fetch: (input, init) => fetch(input, init) });
const session = createSession({ api });
startPage({ session, api, window, root });
