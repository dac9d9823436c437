import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { afterFirstPaint } from './after-first-paint.ts';
import { LiveRegion } from './LiveRegion.tsx';
import { PageLinks } from './PageLinks.tsx';
import { useChoices } from './session-context.tsx';
import { TopBar } from './TopBar.tsx';

/** What every page has around it: one row of chrome, the time bar, and the sheets. */
export function Frame() {
  const { sheetOpen, paletteOpen, exportOpen, wall } = useChoices();
  return (
    <div className={wall ? 'frame wall' : 'frame'}>
      <TopBar>
        <PageLinks />
      </TopBar>
      <Suspense fallback={<main className="page" aria-busy="true" />}>
        <Outlet />
      </Suspense>
      <Suspense fallback={<section className="time-bar" aria-label="Time" aria-busy="true" />}>
        <TimeBar />
      </Suspense>
      <LiveRegion />
      <Suspense>{sheetOpen && <ShortcutSheet />}</Suspense>
      <Suspense>{paletteOpen && <CommandPalette />}</Suspense>
      <Suspense>{exportOpen && <ExportDialog />}</Suspense>
    </div>
  );
}

const TimeBar = lazy(async () => {
  await afterFirstPaint();
  return { default: (await import('../time-bar/TimeBar.tsx')).TimeBar };
});
const ExportDialog = lazy(async () => ({ default: (await import('../picture-export/ExportDialog.tsx')).ExportDialog }));
const CommandPalette = lazy(async () => ({ default: (await import('./CommandPalette.tsx')).CommandPalette }));
const ShortcutSheet = lazy(async () => ({ default: (await import('./ShortcutSheet.tsx')).ShortcutSheet }));
