import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleQuestionMark,
  EyeOff,
  type LucideIcon,
  OctagonX,
  TriangleAlert,
  Wrench,
} from 'lucide-react';

/** A state in two channels: glyph and word; the colour is a third. A state of a newer server is shown by its word. */
export function StateMark({ state }: { readonly state: string }) {
  const Icon = KNOWN_STATES.find((known) => known.state === state)?.icon ?? CircleQuestionMark;
  return (
    <span className={`state ${state}`}>
      <Icon size={16} aria-hidden="true" />
      {state}
    </span>
  );
}

export const KNOWN_STATES: readonly KnownState[] = [
  { state: 'up', icon: CircleCheck, words: 'answers' },
  { state: 'suspect', icon: CircleAlert, words: 'missed a ping; tried again at once' },
  { state: 'degraded', icon: TriangleAlert, words: 'answers, but slowly or with failures' },
  { state: 'down', icon: OctagonX, words: 'does not answer' },
  { state: 'unknown', icon: CircleDashed, words: 'not known yet' },
  { state: 'blind', icon: EyeOff, words: 'answers, but its interceptor is silent' },
  { state: 'maintenance', icon: Wrench, words: 'taken out of service on purpose' },
];

interface KnownState {
  readonly state: string;
  readonly icon: LucideIcon;
  readonly words: string;
}
