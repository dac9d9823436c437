import type { LayoutAnswer, LayoutQuestion } from '../layout-question.ts';
import { newcomer } from './newcomer.ts';
import { race } from './race.ts';
import { settle } from './settle.ts';

self.addEventListener('message', (event: MessageEvent<LayoutQuestion>) => self.postMessage(answerTo(event.data)));

function answerTo(question: LayoutQuestion): LayoutAnswer {
  switch (question.kind) {
    case 'settle':
      return settle(question);
    case 'race':
      return race(question);
    case 'newcomer':
      return newcomer(question);
  }
}
