import type { Window } from '@soa-monitor/protocol';
import { lazy } from 'react';
import { WindowChoice } from '../app/WindowChoice.tsx';
import { formatSpan } from '../format/times.ts';
import { earlier } from './compare-search.ts';

interface OtherWindowProps {
  readonly shown: Window;
  readonly other: Window;
  readonly now: number;
  readonly onChoose: (window: Window) => void;
}

/** Which window is compared with: one so much earlier than the one that is shown, or any. */
export function OtherWindow({ shown, other, now, onChoose }: OtherWindowProps) {
  const usual = [{ word: 'Just before', micros: shown.to - shown.from }, ...EARLIER];
  return (
    <WindowChoice
      name="Compare with"
      word={formatSpan(other.from, other.to, now)}
      title="The window that is compared with"
    >
      {(trigger, onClose) => (
        <WindowDialog
          {...{ trigger, onClose }}
          name="Compare with"
          choices={usual.map(({ word, micros }) => ({
            word,
            chosen: shown.from - micros === other.from && shown.to - micros === other.to,
            choose: () => onChoose(earlier(shown, micros)),
          }))}
          label="The window to compare with"
          action="Compare with this window"
          range={other}
          onChosen={onChoose}
        />
      )}
    </WindowChoice>
  );
}

const HOUR = 3_600_000_000;
const EARLIER = [
  { word: 'An hour earlier', micros: HOUR },
  { word: 'A day earlier', micros: 24 * HOUR },
  { word: 'A week earlier', micros: 168 * HOUR },
] as const;

const WindowDialog = lazy(async () => ({ default: (await import('../app/WindowDialog.tsx')).WindowDialog }));
