import { RouterProvider } from '@tanstack/react-router';
import type { ViewRouter } from './router.tsx';
import { type Parts, PartsProvider } from './session-context.tsx';

/** The pages, with what they are given. */
export function App({ parts, router }: { readonly parts: Parts; readonly router: ViewRouter }) {
  return (
    <PartsProvider parts={parts}>
      <RouterProvider router={router} />
    </PartsProvider>
  );
}
