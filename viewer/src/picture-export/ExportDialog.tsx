import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../app/IconButton.tsx';
import { type Parts, useParts } from '../app/session-context.tsx';
import { formatCount } from '../format/numbers.ts';
import { formatMoment } from '../format/times.ts';
import { PALETTES } from '../scene/palette.ts';
import { shownWindow } from '../time-bar/time-scale.ts';
import { graphmlOf, jsonOf } from './graph-files.ts';
import { readIncident } from './incident.ts';
import { incidentHtml } from './incident-html.ts';
import { pictureOf } from './page-shapes.ts';
import playerUrl from './player.ts?worker&url';
import { pngOf } from './png-of.ts';
import { saveFile } from './save-file.ts';
import { svgOf } from './svg.ts';

/** What is shown, as a file: a picture, data for other tools, or the whole window as a page that replays by itself. */
export function ExportDialog() {
  const parts = useParts();
  const { choices } = parts;
  const dialog = useRef<HTMLDialogElement>(null);
  const [told, setTold] = useState<string | null>(null);
  const [running, setRunning] = useState<{ readonly abort: AbortController; readonly share: number } | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => {
    running?.abort.abort();
    choices.change({ exportOpen: false });
  };
  const replay = async () => {
    const abort = new AbortController();
    setRunning({ abort, share: 0 });
    setTold(null);
    setTold(await saveReplay(parts, (share) => setRunning({ abort, share }), abort.signal));
    setRunning(null);
  };
  return (
    <dialog ref={dialog} className="sheet export" aria-labelledby="export-title" onClose={close}>
      <header>
        <h2 id="export-title">Take it along as a file</h2>
        <IconButton icon={X} label="Close" onPress={() => dialog.current?.close()} />
      </header>
      <dl>
        {KINDS.map(({ kind, word, meaning }) => (
          <div key={kind} className="pair">
            <dt>
              <button
                type="button"
                className="button"
                disabled={running !== null}
                onClick={async () => setTold(await saveMap(parts, kind))}
              >
                {word}
              </button>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
        <div className="pair">
          <dt>
            <button type="button" className="button" disabled={running !== null} onClick={() => void replay()}>
              Replay (HTML)
            </button>
          </dt>
          <dd>
            The window of the time bar as one page that replays it anywhere, without the monitor and without a network.
          </dd>
        </div>
      </dl>
      {running !== null && (
        <p className="progress">
          <progress aria-label="Reading the window" value={running.share} max={1} />
          <button type="button" className="button" onClick={() => running.abort.abort()}>
            Stop
          </button>
        </p>
      )}
      <p role="status">{told}</p>
    </dialog>
  );
}

const KINDS = [
  { kind: 'svg', word: 'SVG', meaning: 'The whole map as a drawing, with time, search and legend on it.' },
  { kind: 'png', word: 'PNG', meaning: 'The same as an image.' },
  { kind: 'json', word: 'JSON', meaning: 'Nodes, links, states, places and the figures of the last minute.' },
  { kind: 'graphml', word: 'GraphML', meaning: 'The same for tools that draw graphs.' },
] as const;

/** Gives what came of it, in words. */
async function saveMap({ session, choices }: Parts, kind: (typeof KINDS)[number]['kind']): Promise<string> {
  const { nodes, links, found, level, playhead, mode, theme } = session.getSnapshot();
  const places = new Map((await session.drawnNodes()).map(({ id, x, y }) => [id, { x, y }]));
  const placeOf = (id: string) => places.get(id);
  const { find } = choices.get();
  const name = `soa-monitor-${fileTime(playhead)}`;
  const graph = { level, at: playhead, find, nodes, links, placeOf };
  if (kind === 'json') saveFile(`${name}.json`, 'application/json', jsonOf(graph));
  else if (kind === 'graphml') saveFile(`${name}.graphml`, 'application/xml', graphmlOf(graph));
  else {
    const when = `${mode.kind === 'replay' ? 'Replayed' : 'Live'}: ${formatMoment(playhead)}, figures of the minute before`;
    const shown =
      found === null
        ? ''
        : `, ${found.nodes.size} of ${nodes.length} nodes and ${found.links.size} of ${links.length} links`;
    const lines = [when, ...(find === '' ? [] : [`Found by: ${find}${shown}`])];
    const caption = { title: `SOA Monitor: ${LEVELS[level]}`, lines };
    const picture = pictureOf({ nodes, links, found, placeOf }, caption, PALETTES[theme]);
    const svg = svgOf(picture, PALETTES[theme].ground, caption.title);
    if (kind === 'svg') saveFile(`${name}.svg`, 'image/svg+xml', svg);
    else {
      const png = await pngOf(svg, picture.width, picture.height);
      if (png === null) return 'This browser could not make an image of it. SVG shows the same.';
      saveFile(`${name}.png`, 'image/png', png);
    }
  }
  const missing = nodes.filter(({ node }) => !places.has(node.id)).length;
  return `Saved as ${name}.${kind}${missing > 0 ? `, without the places of ${formatCount(missing)} hidden nodes` : ''}.`;
}

async function saveReplay(
  { session, choices, api }: Parts,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const { mode, now, playhead, level, theme } = session.getSnapshot();
  const { spanMicros, find } = choices.get();
  const shown = mode.kind === 'replay' ? mode.window : shownWindow(mode, now, spanMicros, null);
  const window = { from: Math.floor(shown.from), to: Math.ceil(shown.to) };
  const places = Object.fromEntries((await session.drawnNodes()).map(({ id, x, y }) => [id, [x, y]]));
  const at = mode.kind === 'replay' ? Math.min(window.to, Math.max(window.from, playhead)) : window.from;
  const head = { madeAt: Math.floor(now), window, at, level, theme, find, places };
  const read = await readIncident(api, head, progress, signal);
  if (read.kind === 'aborted') return 'Stopped; nothing was saved.';
  if (read.kind === 'failed') return `The window could not be read: ${read.words}`;
  const player = await playerCode(signal);
  if (player === null) return 'The player could not be loaded from the monitor.';
  const name = `soa-monitor-replay-${fileTime(window.from)}.html`;
  saveFile(name, 'text/html', incidentHtml(read.value, player, `SOA Monitor: ${formatMoment(window.from)}`));
  return `Saved as ${name}. ${read.value.incomplete}`;
}

/** The player is one script of its own: what is fetched here is inlined as it is. */
async function playerCode(signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(playerUrl, { signal });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}

const LEVELS = { endpoint: 'endpoints', server: 'servers', machine: 'machines', operation: 'operations' } as const;

const fileTime = (at: number): string => formatMoment(at).replaceAll(':', '').replace(' ', '-');
