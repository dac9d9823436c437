import type { Receipt } from '../store.ts';
import type { PackedReport } from './packed-report.ts';
import type { Answers, QuestionKind, Questions } from './reader.ts';
import type { Told, WriteAnswers, WriteKind, WriteRequest } from './writer.ts';

/** What goes to a thread: a request with the id under which it is answered, or the word to stop. */
export type ToWriter =
  | { readonly id: number; readonly write: WriteRequest }
  | { readonly id: number; readonly append: { readonly packed: PackedReport; readonly receipt: Receipt } }
  | 'close';
export type ToReader =
  | { readonly id: number; readonly kind: QuestionKind; readonly question: Questions[QuestionKind] }
  | 'close';

/** What comes back. A thread says `ready` once, or fails before with the line that `open` then throws. */
export type FromThread =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answers[QuestionKind] | WriteAnswers[WriteKind] }
  | { readonly kind: 'error'; readonly id: number; readonly message: string }
  | { readonly kind: 'committed'; readonly committed: Told }
  | { readonly kind: 'closed' };

export interface ThreadSettings {
  readonly path: string;
  readonly retentionMicros: number;
  /** The opener's clock, which cannot be passed to a thread: it goes on from here. */
  readonly now: number;
}
