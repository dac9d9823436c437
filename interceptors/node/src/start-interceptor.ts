import { startCore } from './core.ts';
import type { RunningInterceptor } from './running.ts';
import type { ResolvedSettings } from './settings.ts';
import { stackName } from './stack-name.ts';
import { createCauses } from './tap/causes.ts';
import { tapClients } from './tap/client-tap.ts';
import { createMessageObserver, tapMessages } from './tap/message-taps.ts';
import { createTraceparentPass } from './tap/pass-traceparent.ts';
import type { Undo } from './tap/patches.ts';
import { createServedObserver } from './tap/served.ts';
import { tapServers } from './tap/server-tap.ts';
import { tapUndici } from './tap/undici-tap.ts';

/** Begins to report; what is observed is decided by `patch()` and by what is observed explicitly. */
export function startInterceptor(settings: ResolvedSettings): RunningInterceptor {
  const core = startCore(settings, stackName());
  const { clock, observatory, readContentType } = core;
  const causes = createCauses();
  const messages = createMessageObserver({ clock, observatory });
  const served = createServedObserver({ clock, observatory, causes, readContentType, answerPing: core.pings.answer });
  const passTraceparent = createTraceparentPass(settings.passTraceparent);
  const undos: Undo[] = [];
  return {
    core,
    causes,
    messages,
    served,
    passTraceparent,
    counters: core.counters,
    isPatched: () => undos.length > 0,
    patch: () => {
      if (undos.length === 0) undos.push(...patchProcess({ core, causes, messages, served, passTraceparent }));
      return true;
    },
    close: () => {
      for (const undo of undos.splice(0).reverse()) undo();
      causes.disable();
      return core.close();
    },
  };
}

type Observers = Pick<RunningInterceptor, 'core' | 'causes' | 'messages' | 'served' | 'passTraceparent'>;

function patchProcess({ core, causes, messages, served, passTraceparent }: Observers): Undo[] {
  const { clock, observatory, guard, listeners, readContentType, isOwnAgent } = core;
  const shared = { clock, observatory, causes, guard, readContentType, passTraceparent };
  const clientTap = tapClients({ ...shared, isOwnAgent });
  return [
    ...tapServers({ served, listeners, guard }),
    ...tapMessages(messages, clientTap.begin, guard),
    clientTap.undo,
    tapUndici(shared),
  ];
}
