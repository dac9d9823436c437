import { openStore } from '../open-store.ts';
import { describeStore } from '../testing/describe-store.ts';
import { NOON } from '../testing/estate.ts';

describeStore('sqlite in threads of its own', (path) => openStore({ path, clock: () => NOON }));
