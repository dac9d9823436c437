import { describe, expect, it } from 'vitest';
import { type SceneShown, sceneShown } from '../driver/scene-probe.ts';
import { shared } from './shared-estate.ts';

const shown = (): Promise<SceneShown> => sceneShown(shared.page);
const mode = async (): Promise<string> => (await shown()).mode;
const button = (name: string) => shared.page.getByRole('button', { name, exact: true });

/** Drags on the time bar between two shares of its width. */
async function drag(from: number, to: number): Promise<void> {
  const box = await shared.page.getByRole('slider', { name: 'Moment shown' }).boundingBox();
  if (box === null) throw new Error('the time bar is not there');
  const y = box.y + box.height / 2;
  await shared.page.mouse.move(box.x + from * box.width, y);
  await shared.page.mouse.down();
  await shared.page.mouse.move(box.x + ((from + to) / 2) * box.width, y, { steps: 4 });
  await shared.page.mouse.move(box.x + to * box.width, y, { steps: 4 });
  await shared.page.mouse.up();
}

describe('the time bar, as one uses a recorder', () => {
  it('has something to show', async () => {
    // Enough traffic, and some of it failed: a customer without money is a fault.
    await expect
      .poll(
        async () => {
          const { count, faults } = await shown();
          return count > 60 && faults > 0;
        },
        { timeout: 60_000 },
      )
      .toBe(true);
  });

  it('marks when services came', async () => {
    const marks = shared.page.getByRole('list', { name: 'Changes in what the time bar shows' });
    await expect.poll(async () => await marks.textContent(), { timeout: 30_000 }).toContain('came');
  });

  it('is dragged back out of the live picture, runs on from there, and goes live again', async () => {
    await drag(0.999, 0.95);
    await expect.poll(mode, { timeout: 30_000 }).toBe('replay');
    await expect.poll(async () => (await shown()).loaded, { timeout: 30_000 }).toBe(1);
    const first = (await shown()).playhead;
    await expect.poll(async () => (await shown()).playhead, { timeout: 30_000 }).toBeGreaterThan(first);
    await button('Live').click();
    await expect.poll(mode).toBe('live');
  });

  it('plays backwards, and stops where it is paused', async () => {
    await button('Play backwards').click();
    await expect.poll(mode, { timeout: 30_000 }).toBe('replay');
    const first = (await shown()).playhead;
    await expect.poll(async () => (await shown()).playhead, { timeout: 30_000 }).toBeLessThan(first);
    await button('Pause').click();
    const held = (await shown()).playhead;
    expect(held).toBeLessThan(first);
    expect((await shown()).playhead).toBe(held);
  });

  it('steps from message to message', async () => {
    const before = (await shown()).playhead;
    await button('To the message before').click();
    await expect.poll(async () => (await shown()).playhead, { timeout: 30_000 }).toBeLessThan(before);
    const earlier = (await shown()).playhead;
    await button('To the next message').click();
    await expect.poll(async () => (await shown()).playhead, { timeout: 30_000 }).toBeGreaterThan(earlier);
  });

  it('goes to the failed call before, which is selected and told', async () => {
    const before = (await shown()).playhead;
    await button('To the failed call before').click();
    await expect
      .poll(() => new URL(shared.page.url()).searchParams.get('exchange'), { timeout: 30_000 })
      .not.toBeNull();
    expect((await shown()).playhead).toBeLessThan(before);
    await shared.page
      .getByRole('complementary', { name: 'Details' })
      .getByText(/fault|refused|timeout|aborted|HTTP/)
      .first()
      .waitFor();
  });

  it('replays a window that is brushed, at a thousand times, again and again', async () => {
    await button('Live').click();
    await expect.poll(mode).toBe('live');
    await drag(0.9, 0.97);
    await expect.poll(mode, { timeout: 30_000 }).toBe('replay');
    await button('Repeat this window').click();
    await shared.page.getByRole('combobox', { name: 'Speed' }).selectOption('1000');
    expect(await button('Repeat this window').getAttribute('aria-pressed')).toBe('true');
    await expect.poll(async () => (await shown()).loaded, { timeout: 30_000 }).toBe(1);
    // At this speed the window has passed several times: it would have stopped at its end.
    const seen = new Set<number>();
    await expect
      .poll(
        async () => {
          seen.add((await shown()).playhead);
          return seen.size;
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(3);
    expect(await button('Pause').isVisible()).toBe(true);
    await button('Live').click();
  });
});

describe('the charts', () => {
  it('show the window of the map by every measure, with a table beside each', async () => {
    await shared.page.getByRole('link', { name: 'Charts' }).click();
    for (const name of ['Calls', 'Share that failed', 'Bytes', 'Duration', 'How long calls took'])
      await shared.page.getByRole('figure', { name, exact: true }).waitFor();
    await button('Duration as a table').click();
    const table = shared.page.getByRole('region', { name: 'Duration: the values' });
    await table.getByRole('columnheader', { name: 'p99' }).waitFor();
    await expect.poll(async () => await table.textContent()).toMatch(/ms|µs|\ds/);
  });

  it('are split, and what is seen is taken away as CSV', async () => {
    await shared.page.getByRole('combobox', { name: 'Split by' }).selectOption('link');
    await expect.poll(() => shared.page.getByRole('figure').count(), { timeout: 60_000 }).toBeGreaterThan(3);
    expect(new URL(shared.page.url()).searchParams.get('split')).toBe('link');
    const [file] = await Promise.all([
      shared.page.waitForEvent('download'),
      shared.page.getByRole('button', { name: 'CSV of what is seen' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe('charts.csv');
    const text = await (await file.createReadStream()).toArray();
    expect(String(text)).toMatch(/^chart,from,to,whole,Calls \(per second\)/);
  });

  it('zoom with the map: what is dragged over is the window of both', async () => {
    await shared.page.getByRole('combobox', { name: 'Split by' }).selectOption('');
    const figure = shared.page.getByRole('figure', { name: 'Calls', exact: true });
    const box = await figure.locator('.u-over').boundingBox();
    if (box === null) throw new Error('the chart is not drawn');
    await shared.page.mouse.move(box.x + box.width * 0.7, box.y + 20);
    await shared.page.mouse.down();
    await shared.page.mouse.move(box.x + box.width * 0.9, box.y + 20, { steps: 5 });
    await shared.page.mouse.up();
    await expect.poll(mode, { timeout: 30_000 }).toBe('replay');
    await expect.poll(() => new URL(shared.page.url()).searchParams.has('from')).toBe(true);
    await button('Live').click();
  });
});

describe('two windows', () => {
  it('are compared in a table and on the map, and a link shows the same comparison', async () => {
    await shared.page.getByRole('link', { name: 'Compare' }).click();
    const table = shared.page.getByRole('region', { name: 'What became otherwise' });
    await expect
      .poll(async () => await table.textContent(), { timeout: 60_000 })
      .toMatch(/\d+ added · \d+ gone · \d+ changed/);
    await shared.page.getByRole('button', { name: /^Compare with/ }).click();
    await button('An hour earlier').click();
    await expect.poll(() => new URL(shared.page.url()).searchParams.has('from2')).toBe(true);
    // Nothing ran an hour ago: all that runs now was added.
    await expect.poll(async () => await table.textContent(), { timeout: 60_000 }).toMatch(/[1-9]\d* added · 0 gone/);
    await shared.page.reload();
    await expect.poll(async () => await table.textContent(), { timeout: 60_000 }).toMatch(/[1-9]\d* added · 0 gone/);
    await shared.page.getByRole('application', { name: /Map of the services/ }).waitFor();
  });

  it('log no error on the console', () => {
    expect(shared.viewer.errors).toEqual([]);
  });
});
