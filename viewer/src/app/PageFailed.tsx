import { Link } from '@tanstack/react-router';

/** A page whose code or whose data broke: the others go on. */
export function PageFailed({ error }: { readonly error: unknown }) {
  return (
    <main className="page">
      <h1>This page has failed</h1>
      <p>It shows nothing rather than something wrong. Reload it; the monitor itself goes on.</p>
      <p className="quiet">{error instanceof Error ? error.message : String(error)}</p>
      <p>
        <Link to="/">To the map</Link>
      </p>
    </main>
  );
}

export function PageMissing() {
  return (
    <main className="page">
      <h1>There is no page at this address</h1>
      <p>
        <Link to="/">To the map</Link>
      </p>
    </main>
  );
}
