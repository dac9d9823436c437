import { useCallback, useState } from 'react';
import { SidePanel } from '../panels/SidePanel.tsx';
import { TableTwin } from '../panels/TableTwin.tsx';
import { TimeBar } from '../time-bar/TimeBar.tsx';
import { EmptyMap } from './EmptyMap.tsx';
import { LiveRegion } from './LiveRegion.tsx';
import { MapCanvas } from './MapCanvas.tsx';
import { MapControls } from './MapControls.tsx';
import { Notices } from './Notices.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { type Parts, PartsProvider, useChoices, useParts, useSession } from './session-context.tsx';
import { TopBar } from './TopBar.tsx';

/** The page: one row of chrome, the map, the panel at its side, and the time bar, always there. */
export function App({ parts }: { readonly parts: Parts }) {
  return (
    <PartsProvider parts={parts}>
      <Frame />
    </PartsProvider>
  );
}

function Frame() {
  const { choices } = useParts();
  const { tableOpen, sheetOpen, panelFolded } = useChoices();
  const empty = useSession((snapshot) => snapshot.nodes.length === 0 && snapshot.mode.kind === 'live');
  const [asked, setAsked] = useState(0);
  const openPanel = useCallback(() => {
    choices.change({ panelFolded: false });
    setAsked((times) => times + 1);
  }, [choices]);

  return (
    <div className="frame">
      <TopBar />
      <main className="map">
        <MapCanvas hidden={tableOpen || empty} onOpen={openPanel} />
        {empty ? <EmptyMap /> : <MapControls />}
        <Notices />
        {tableOpen && <TableTwin />}
      </main>
      {!empty && !panelFolded && <SidePanel focusAsked={asked} />}
      <TimeBar />
      <LiveRegion />
      {sheetOpen && <ShortcutSheet />}
    </div>
  );
}
