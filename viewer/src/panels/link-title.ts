import { operationWords } from '../model/split-links.ts';
import type { LinkView } from '../session/session.ts';

/** "shop → bank · /bank", and what its calls are for where links are split by it. */
export const linkTitle = ({ sourceLabel, targetLabel, operations }: LinkView): string =>
  `${sourceLabel} → ${targetLabel}${operations === undefined ? '' : ` · ${operationWords(operations)}`}`;
