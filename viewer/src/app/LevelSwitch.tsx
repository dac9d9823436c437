import { useCommands, useSession } from './session-context.tsx';
import { MAP_LEVELS, type MapLevel } from './view-url.ts';

export function LevelSwitch() {
  const commands = useCommands();
  const level = useSession((snapshot) => snapshot.level);
  return (
    <fieldset className="segments" aria-label="Level of the map">
      {MAP_LEVELS.map((each, index) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === level}
          title={`One node for each ${each} (${index + 1})`}
          onClick={() => commands.setLevel(each)}
        >
          {WORDS[each]}
        </button>
      ))}
    </fieldset>
  );
}

const WORDS: Record<MapLevel, string> = { endpoint: 'Endpoints', server: 'Servers', machine: 'Machines' };
