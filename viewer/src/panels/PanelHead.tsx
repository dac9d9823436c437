import type { Node } from '@soa-monitor/protocol';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../app/IconButton.tsx';
import { useCommands } from '../app/session-context.tsx';
import { KindGlyph } from './KindGlyph.tsx';

interface PanelHeadProps {
  readonly title: ReactNode;
  readonly kind?: Node['kind'];
  readonly closes?: boolean;
  readonly children?: ReactNode;
}

export function PanelHead({ title, kind, closes = true, children }: PanelHeadProps) {
  const commands = useCommands();
  return (
    <header className={kind === undefined ? '' : 'with-kind'}>
      {kind !== undefined && <KindGlyph kind={kind} />}
      <h2>{title}</h2>
      {closes && <IconButton icon={X} label="Select nothing" keyName="Esc" onPress={() => commands.select(null)} />}
      <div className="below">{children}</div>
    </header>
  );
}
