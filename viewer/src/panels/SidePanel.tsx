import { useEffect, useRef } from 'react';
import { useSession } from '../app/session-context.tsx';
import { EstatePanel } from './EstatePanel.tsx';
import { ExchangePanel } from './ExchangePanel.tsx';
import { LinkPanel } from './LinkPanel.tsx';
import { NodePanel } from './NodePanel.tsx';

/** What is selected; with nothing selected, the estate and what deviates in it. `focusAsked` rises when the keyboard wants in. */
export function SidePanel({ focusAsked }: { readonly focusAsked: number }) {
  const selection = useSession((snapshot) => snapshot.selection);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focusAsked > 0) panel.current?.focus();
  }, [focusAsked]);
  return (
    <aside ref={panel} className="panel" tabIndex={-1} aria-label="Details">
      {selection === null && <EstatePanel />}
      {selection?.kind === 'node' && <NodePanel key={selection.id} id={selection.id} />}
      {selection?.kind === 'link' && <LinkPanel key={selection.id} id={selection.id} />}
      {selection?.kind === 'exchange' && <ExchangePanel key={selection.id} id={selection.id} />}
    </aside>
  );
}
