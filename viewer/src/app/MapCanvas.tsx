import { type KeyboardEvent, useEffect, useRef } from 'react';
import { selectedLabel } from './selected-label.ts';
import { useParts, useSession } from './session-context.tsx';

/**
 * The one place where React touches the scene: an effect hands a canvas over, and its undo takes it back. The canvas is made
 * here and not by React, because control of a canvas can be handed to a worker only once in its life.
 */
export function MapCanvas({ hidden, onOpen }: { readonly hidden: boolean; readonly onOpen: () => void }) {
  const { session } = useParts();
  const host = useRef<HTMLDivElement>(null);
  const selected = useSession(selectedLabel);

  useEffect(() => {
    if (host.current === null) return;
    const canvas = document.createElement('canvas');
    canvas.setAttribute('aria-hidden', 'true');
    host.current.append(canvas);
    const detach = session.attach(canvas);
    return () => {
      detach();
      canvas.remove();
    };
  }, [session]);

  const press = (event: KeyboardEvent) => {
    const direction = DIRECTIONS.get(event.key);
    if (direction !== undefined) session.commands.moveSelection(direction);
    else if (event.key === 'Enter') onOpen();
    else if (event.key === '+' || event.key === '=') session.commands.zoom(ZOOM);
    else if (event.key === '-') session.commands.zoom(1 / ZOOM);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={host}
      className="map-canvas"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application region is one tab stop, and takes the arrow keys
      tabIndex={0}
      inert={hidden}
      aria-label={`Map of the services. ${selected === null ? 'Nothing selected' : `Selected: ${selected}`}`}
      aria-describedby="map-help"
      onKeyDown={press}
    >
      <span id="map-help" className="visually-hidden">
        Arrow keys move between neighbours, Enter opens the details, Escape clears the selection, T shows the same as a
        table.
      </span>
    </div>
  );
}

export const ZOOM = 1.25;

const DIRECTIONS: ReadonlyMap<string, 'up' | 'down' | 'left' | 'right'> = new Map([
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
]);
