import { Download, Maximize, Minimize2, Minus, Plus, Undo2 } from 'lucide-react';
import { IconButton } from './IconButton.tsx';
import { ZOOM } from './MapCanvas.tsx';
import { useChoices, useCommands, useParts } from './session-context.tsx';

export function MapControls() {
  const commands = useCommands();
  const { choices } = useParts();
  const { wall } = useChoices();
  return (
    <fieldset className="map-controls" aria-label="Map">
      <IconButton icon={Plus} label="Zoom in" keyName="+" onPress={() => commands.zoom(ZOOM)} />
      <IconButton icon={Minus} label="Zoom out" keyName="−" onPress={() => commands.zoom(1 / ZOOM)} />
      <IconButton icon={Maximize} label="Show all" keyName="F" onPress={() => commands.fit()} />
      <IconButton icon={Undo2} label="Let all pinned nodes go" onPress={() => commands.resetPlaces()} />
      <IconButton
        icon={Download}
        label="Take it along as a file"
        keyName="X"
        onPress={() => choices.change({ exportOpen: true })}
      />
      {wall && (
        <IconButton
          icon={Minimize2}
          label="Leave the wall screen"
          keyName="W"
          onPress={() => choices.change({ wall: false })}
        />
      )}
    </fieldset>
  );
}
