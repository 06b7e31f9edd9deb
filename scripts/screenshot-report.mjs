// Pictures of a report in headless Chromium: light and dark, wide and narrow.
// node scripts/screenshot-report.mjs <report.html> <output directory>
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [, , report, outdir] = process.argv;
if (report === undefined || outdir === undefined) {
  console.error('usage: node scripts/screenshot-report.mjs <report.html> <output directory>');
  process.exit(2);
}
const WIDTHS = { wide: 1280, narrow: 390 };
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

mkdirSync(outdir, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
const problems = [];
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const [name, width] of Object.entries(WIDTHS)) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      page.on('pageerror', (error) => problems.push(`${colorScheme} ${name}: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) problems.push(`${colorScheme} ${name}: the page asks for ${request.url()}`);
      });
      await page.goto(pathToFileURL(path.resolve(report)).href);
      const chart = page.locator('.u-over').first();
      if (name === 'wide' && (await chart.count()) > 0) await chart.hover({ position: { x: 200, y: 80 } });
      const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      if (overflow > 0) problems.push(`${colorScheme} ${name}: ${overflow} px wider than the window`);
      await page.screenshot({ path: path.join(outdir, `${colorScheme}-${name}.png`), fullPage: true });
      await page.close();
    }
  }
} finally {
  await browser.close();
}
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);
