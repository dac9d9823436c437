import { useCommands, useSession } from './session-context.tsx';
import { MAP_LEVELS, type MapLevel } from './view-url.ts';

export function LevelSwitch() {
  const commands = useCommands();
  const level = useSession((snapshot) => snapshot.level);
  return (
    <fieldset className="segments" aria-label="Level of the map">
      {SHOWN.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === level}
          title={`One ${each === 'operation' ? 'link' : 'node'} for each ${each} (${MAP_LEVELS.indexOf(each) + 1})`}
          onClick={() => commands.setLevel(each)}
        >
          {WORDS[each]}
        </button>
      ))}
    </fieldset>
  );
}

/** From the coarse to the fine. */
const SHOWN: readonly MapLevel[] = ['machine', 'server', 'endpoint', 'operation'];
const WORDS: Record<MapLevel, string> = {
  endpoint: 'Endpoints',
  server: 'Servers',
  machine: 'Machines',
  operation: 'Operations',
};
