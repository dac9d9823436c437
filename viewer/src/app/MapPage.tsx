import { lazy, Suspense, useCallback, useState } from 'react';
import { afterFirstPaint } from './after-first-paint.ts';
import { EmptyMap, useSureOfNone } from './EmptyMap.tsx';
import { MapCanvas } from './MapCanvas.tsx';
import { Notices } from './Notices.tsx';
import { useChoices, useParts, useSession } from './session-context.tsx';

/** The map, and the panel at its side. */
export function MapPage() {
  const { choices } = useParts();
  const { tableOpen, panelFolded, wall } = useChoices();
  const empty = useSession((snapshot) => snapshot.nodes.length === 0 && snapshot.mode.kind === 'live');
  const [asked, setAsked] = useState(0);
  const openPanel = useCallback(() => {
    choices.change({ panelFolded: false });
    setAsked((times) => times + 1);
  }, [choices]);
  const isSureOfNone = useSureOfNone();
  // Its room is kept from the beginning, or the map would be laid out twice.
  const hasPanel = !panelFolded && !wall && !(empty && isSureOfNone);
  const panelToCome = <aside className="panel" aria-label="Details" aria-busy="true" />;

  return (
    <>
      <main className="map">
        <MapCanvas hidden={tableOpen || empty} onOpen={openPanel} />
        {empty ? (
          <EmptyMap isSure={isSureOfNone} />
        ) : (
          <Suspense>
            <MapControls />
          </Suspense>
        )}
        <div className="map-top">
          <Suspense>
            <FindStrip />
          </Suspense>
          <Notices />
        </div>
        <Suspense>{tableOpen && <TableTwin />}</Suspense>
      </main>
      {hasPanel && empty && panelToCome}
      {hasPanel && !empty && (
        <Suspense fallback={panelToCome}>
          <SidePanel focusAsked={asked} />
        </Suspense>
      )}
    </>
  );
}

const MapControls = lazy(async () => {
  await afterFirstPaint();
  return { default: (await import('./MapControls.tsx')).MapControls };
});
const FindStrip = lazy(async () => {
  await afterFirstPaint();
  return { default: (await import('./FindStrip.tsx')).FindStrip };
});
const TableTwin = lazy(async () => ({ default: (await import('../panels/TableTwin.tsx')).TableTwin }));
const SidePanel = lazy(async () => {
  await afterFirstPaint();
  return { default: (await import('../panels/SidePanel.tsx')).SidePanel };
});
