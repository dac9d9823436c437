import { join } from 'node:path';
import express, { type Router } from 'express';

/** The built viewer as static files; a page asked for by its address gets index.html, whatever its path. */
export function createViewerSite(folder: string): Router {
  const router = express.Router();
  router.use(
    express.static(folder, {
      index: 'index.html',
      dotfiles: 'ignore',
      redirect: false,
      setHeaders(response, path) {
        // Vite writes a hash of the content into the names under assets/; all else may change with the next build.
        const isHashed = path.startsWith(join(folder, 'assets'));
        response.setHeader('Cache-Control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    }),
  );
  router.get('/{*path}', (request, response, next) => {
    const isPage = request.accepts(['application/json', 'text/html']) === 'text/html';
    if (!isPage || /^\/(api|socket\.io|assets)\//.test(request.path)) return next();
    response.sendFile(join(folder, 'index.html'), { headers: { 'Cache-Control': 'no-cache' } }, (error) => {
      if (error && !response.headersSent) response.status(200).type('text/html').send(NOT_BUILT);
    });
  });
  return router;
}

const NOT_BUILT =
  '<!doctype html><html lang="en"><title>SOA Monitor</title><h1>SOA Monitor</h1>' +
  '<p>The server runs, but the viewer is not built: <code>npm run build</code> builds it. ' +
  'The API answers: <a href="/api/openapi.json">openapi.json</a>.</p></html>';
