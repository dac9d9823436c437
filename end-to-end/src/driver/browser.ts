import { type Browser, chromium, type Page } from 'playwright-core';

export interface Viewer {
  readonly page: Page;
  /** Errors on the page's console, and exceptions nobody caught. */
  readonly errors: readonly string[];
  /** An address in a context that shares nothing with this one: as in another person's browser. */
  elsewhere(url: string, screen?: Screen): Promise<Viewer>;
  close(): Promise<void>;
}

interface Screen {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** A real headless browser on the viewer. The path comes from `npm test`, which finds or installs one. */
export async function openViewer(
  url: string,
  settings: Screen & { readonly args?: readonly string[] } = {},
): Promise<Viewer> {
  const executablePath = process.env.SOA_MONITOR_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({
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
  return { ...(await openContext(browser, url, settings)), close: () => browser.close() };
}

async function openContext(browser: Browser, url: string, screen: Screen): Promise<Viewer> {
  const context = await browser.newContext({
    viewport: { width: screen.width ?? 1440, height: screen.height ?? 900 },
    colorScheme: screen.dark === true ? 'dark' : 'light',
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(url);
  return {
    page,
    errors,
    elsewhere: (other, otherScreen = {}) => openContext(browser, other, otherScreen),
    close: () => context.close(),
  };
}
