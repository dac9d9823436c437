import { CircleQuestionMark, PanelRight, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { ConnectionBadge } from './ConnectionBadge.tsx';
import { FindBox } from './FindBox.tsx';
import { IconButton } from './IconButton.tsx';
import { LevelSwitch } from './LevelSwitch.tsx';
import { ModeBadge } from './ModeBadge.tsx';
import { useChoices, useParts, useSession } from './session-context.tsx';
import { ThemeSwitch } from './ThemeSwitch.tsx';
import { WindowPicker } from './WindowPicker.tsx';

/** `children`: the ways to the other pages. */
export function TopBar({ children }: { readonly children?: ReactNode }) {
  const { choices } = useParts();
  const { tableOpen, panelFolded } = useChoices();
  const sample = useSession((snapshot) => snapshot.sample);
  return (
    <header className="chrome">
      <h1 className="product">SOA Monitor</h1>
      {children}
      <FindBox />
      <LevelSwitch />
      <WindowPicker />
      <ModeBadge />
      <div className="space" />
      {sample > 1 && (
        <span className="badge" title="Counts and rates are exact; only the dots on the map are a sample.">
          1 in {sample} drawn
        </span>
      )}
      <ConnectionBadge />
      <IconButton
        icon={Table2}
        label="Show the map as a table"
        keyName="T"
        pressed={tableOpen}
        onPress={() => choices.change({ tableOpen: !tableOpen })}
      />
      <IconButton
        icon={PanelRight}
        label="Details panel"
        keyName="D"
        pressed={!panelFolded}
        onPress={() => choices.change({ panelFolded: !panelFolded })}
      />
      <ThemeSwitch />
      <IconButton
        icon={CircleQuestionMark}
        label="Keys and signs"
        keyName="?"
        onPress={() => choices.change({ sheetOpen: true })}
      />
    </header>
  );
}
