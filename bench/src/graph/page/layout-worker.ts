import type { LayoutAnswer, LayoutQuestion } from '../layout-question.ts';
import { newcomer } from './newcomer.ts';
import { settle } from './settle.ts';

self.addEventListener('message', (event: MessageEvent<LayoutQuestion>) => {
  const answer: LayoutAnswer = event.data.kind === 'settle' ? settle(event.data) : newcomer(event.data);
  self.postMessage(answer);
});
