import { type Browser, chromium, type Page } from 'playwright-core';

export interface Viewer {
  readonly page: Page;
  /** Errors on the page's console, and exceptions nobody caught. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** A real headless browser on the viewer. The path comes from `npm test`, which finds or installs one. */
export async function openViewer(
  url: string,
  settings: {
    readonly width?: number;
    readonly height?: number;
    readonly dark?: boolean;
    readonly args?: readonly string[];
  } = {},
): Promise<Viewer> {
  const executablePath = process.env.SOA_MONITOR_CHROMIUM ?? '/usr/bin/chromium';
  const browser: Browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(settings.args ?? []),
    ],
  });
  const page = await browser.newPage({
    viewport: { width: settings.width ?? 1440, height: settings.height ?? 900 },
    colorScheme: settings.dark === true ? 'dark' : 'light',
  });
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  return { page, errors, close: () => browser.close() };
}
