import { formatDuration } from '../format/durations.ts';
import { formatCount, formatRate, formatShare } from '../format/numbers.ts';
import { formatClockMillis, formatMoment } from '../format/times.ts';
import { outcomeWords } from '../panels/outcome-words.ts';
import { PALETTES } from '../scene/palette.ts';
import { type Incident, parseIncident } from './incident.ts';
import { createIncidentModel } from './incident-model.ts';
import { paintShapes } from './paint-shapes.ts';
import { createPlayer, type Player } from './player-frame.ts';

/** Runs inside the exported file, alone: no monitor, no network. Everything it shows is text or canvas. */
const SPEEDS = [0.1, 0.5, 1, 2, 5, 10, 100];
const LISTED_MAX = 50;
const TABLES_MILLIS = 250;

function start(): void {
  const root = document.getElementById('player');
  if (root === null) return;
  const incident = parseIncident(document.getElementById('incident')?.textContent ?? '');
  const model = incident === null ? null : createIncidentModel(incident);
  if (incident === null || model === null) {
    root.textContent = 'This file cannot be replayed: its data are damaged, or of a later version.';
    return;
  }
  play(root, incident, createPlayer(incident, model));
}

function play(root: HTMLElement, incident: Incident, player: Player): void {
  const { window: stretch } = incident;
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  let playhead = incident.at;
  let speed = 1;
  let playing = false;
  let last = 0;
  let tablesAt = 0;

  const canvas = element('canvas');
  canvas.setAttribute('aria-hidden', 'true');
  const button = element('button', 'Play');
  const slider = element('input');
  Object.assign(slider, { type: 'range', min: '0', max: '1000', step: '1' });
  slider.setAttribute('aria-label', 'Moment shown');
  const speeds = element('select');
  speeds.setAttribute('aria-label', 'Speed');
  for (const each of SPEEDS) speeds.append(new Option(`${each}×`, String(each), each === 1, each === 1));
  const clock = element('output');
  const lists = element('div');
  lists.className = 'lists';
  lists.tabIndex = 0;
  lists.setAttribute('role', 'region');
  lists.setAttribute('aria-label', 'The map as tables');

  const holder = element('div');
  holder.className = 'canvas';
  holder.append(canvas);
  const stage = element('div');
  stage.className = 'stage';
  stage.append(holder, lists);
  root.replaceChildren(headOf(incident), stage, footOf(button, slider, speeds, clock));

  button.addEventListener('click', () => {
    playing = !playing;
    if (playing && playhead >= stretch.to) playhead = stretch.from;
    draw(performance.now());
  });
  slider.addEventListener('input', () => {
    playhead = stretch.from + (Number(slider.value) / 1_000) * (stretch.to - stretch.from);
    tablesAt = 0;
    draw(performance.now());
  });
  speeds.addEventListener('change', () => {
    speed = Number(speeds.value);
  });
  new ResizeObserver(() => draw(performance.now())).observe(holder);

  function draw(now: number): void {
    if (playing) playhead += last === 0 ? 0 : Math.min(100, now - last) * 1_000 * speed;
    last = playing ? now : 0;
    if (playhead >= stretch.to) {
      playhead = stretch.to;
      playing = false;
    }
    button.textContent = playing ? 'Pause' : 'Play';
    clock.textContent = formatClockMillis(playhead);
    slider.value = String(((playhead - stretch.from) / (stretch.to - stretch.from)) * 1_000);
    slider.setAttribute('aria-valuetext', formatClockMillis(playhead));
    paint(now);
    if (playing) requestAnimationFrame(draw);
  }

  function paint(now: number): void {
    const { width, height } = holder.getBoundingClientRect();
    const context = canvas.getContext('2d');
    if (context === null || width < 1 || height < 1) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.fillStyle = PALETTES[incident.theme].ground;
    context.fillRect(0, 0, width, height);
    // Who wants no motion is shown the map and the numbers, no dots that fly.
    const frame = player.frameAt(playhead, speed, { width, height }, !isStill);
    paintShapes(context, frame.shapes);
    if (now - tablesAt < TABLES_MILLIS && playing) return;
    tablesAt = now;
    lists.replaceChildren(
      ...tableOf(
        'Nodes',
        ['Node', 'State', 'Rate', 'Failed'],
        frame.views.nodes.map(({ label, node, state, absent, figures }) => [
          label,
          absent ? 'not seen' : (state ?? node.kind),
          absent ? 'unknown' : formatRate(figures.perSecond),
          formatShare(figures.faultShare),
        ]),
      ),
      ...tableOf(
        'Last messages',
        ['Message', 'Outcome', 'Began', 'Took'],
        player
          .messagesBefore(playhead, LISTED_MAX)
          .map(({ operation, outcome, durationMicros, requestSent, requestReceived }) => [
            operation === '' ? 'unknown' : operation,
            outcomeWords({ outcome, lost: false, status: 0 }).word,
            formatClockMillis(requestSent ?? requestReceived ?? 0),
            outcome === null ? '' : formatDuration(durationMicros),
          ]),
      ),
    );
  }
  draw(performance.now());
}

function headOf(incident: Incident): HTMLElement {
  const head = element('header');
  head.append(
    element('h1', 'SOA Monitor: a replay'),
    element('span', `${formatMoment(incident.window.from)} – ${formatMoment(incident.window.to)}`),
  );
  if (incident.find !== '') head.append(element('span', `Found by: ${incident.find}`));
  if (incident.sample > 1)
    head.append(element('span', `1 in ${formatCount(incident.sample)} drawn; the figures are exact`));
  if (incident.incomplete !== '') {
    const told = element('strong', incident.incomplete);
    told.className = 'told';
    head.append(told);
  }
  return head;
}

function footOf(...parts: readonly HTMLElement[]): HTMLElement {
  const foot = element('footer');
  foot.append(...parts);
  return foot;
}

function tableOf(
  title: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): readonly HTMLElement[] {
  const table = element('table');
  const head = element('tr');
  head.append(
    ...heads.map((text) => {
      const cell = element('th', text);
      cell.scope = 'col';
      return cell;
    }),
  );
  const body = element('tbody');
  for (const row of rows) {
    const line = element('tr');
    line.append(...row.map((text) => element('td', text)));
    body.append(line);
  }
  const top = element('thead');
  top.append(head);
  table.append(top, body);
  return [element('h2', title), table];
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, text = ''): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

start();
