import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Listener } from '../../src/server/listen.ts';
import { startPlayground } from '../../src/server/run-playground.ts';
import { chromiumPath, describeBrowser } from './browser.ts';

const flags = { address: '127.0.0.1', port: 0, objects: [], revision: 'default', clusterId: 'Kubernetes' };

/** A template of 300 lines that writes as many. */
function longTemplate(): string {
  const variable = (index: number): string =>
    `    - name: V${index}\n      value: "{{ .Values.global.hub }}-${index}{{ if .Values.global.tag }}:{{ .Values.global.tag }}{{ end }}"\n`;
  const head = 'spec:\n  containers:\n  - name: istio-proxy\n    env:\n';
  return head + Array.from({ length: 148 }, (_, index) => variable(index)).join('');
}

/** Flags with a configuration whose template is a text. */
function withTemplate(text: string): typeof flags & { injectConfig: string } {
  const file = join(mkdtempSync(join(tmpdir(), 'outrigger-test-')), 'config.yaml');
  const block = text.replaceAll(/^(?=.)/gm, '    ');
  writeFileSync(file, `policy: enabled\ndefaultTemplates: [long]\ntemplates:\n  long: |\n${block}`);
  return { ...flags, injectConfig: file };
}

/** Time that {@link timeOfWork} takes on the machine for which 100 ms are meant, in ms. */
const quickWork = 30;

/** How fast the machine is just now: milliseconds for twenty million steps. */
function timeOfWork(): number {
  const begin = performance.now();
  for (let step = 0, x = 1; step < 20_000_000; step += 1) x = (Math.imul(x, 1_103_515_245) + 12_345) | 0;
  return performance.now() - begin;
}

/** One of the better ones, since the machine may have other things to do. */
const fourthBest = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[3] ?? Infinity;

describeBrowser('the page of the playground', () => {
  let listener: Listener;
  let browser: Browser;
  let page: Page;
  let requests: string[];
  let complaints: string[];

  beforeAll(async () => {
    listener = await startPlayground(flags, {});
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'], timeout: 120_000 });
  });
  afterAll(async () => {
    await browser.close();
    await listener.drain(0);
  });
  beforeEach(async () => {
    await open(listener.url);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  async function open(url: string): Promise<void> {
    requests = [];
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    page.setDefaultTimeout(120_000);
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(url);
    await lines().first().waitFor();
  }

  const lines = (): Locator => page.locator('#diff .line');
  const added = (text: string): Locator => page.locator('#diff .line.added', { hasText: text });
  const editor = (name: string): Locator => page.locator(`#panel-${name} .cm-content`);
  const selectedTab = (list: string): Promise<string | null> =>
    page.locator(`#${list} [aria-selected=true]`).getAttribute('id');

  /** Puts the cursor at the start of the text and types. */
  async function type(name: string, text: string): Promise<void> {
    await page.click(`#tab-${name}`);
    await editor(name).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.insertText(text);
  }

  it('shows the injected pod, and asks nobody but its own server', async () => {
    expect(await page.locator('#verdict').innerText()).toContain('Injected');
    expect(await added('name: istio-proxy').count()).toBeGreaterThan(0);
    expect(requests.filter((url) => !url.startsWith(new URL(listener.url).origin))).toEqual([]);
  });

  it('marks a template error at its line, keeps the last result, and recovers', async () => {
    await type('template', '{{ nope }}\n');
    await page.locator('#problems', { hasText: 'template: inject:1: function "nope" not defined' }).waitFor();
    expect(await page.locator('#panel-template .cm-lint-marker-error').count()).toBe(1);
    expect(await page.locator('#panel-template .cm-lintRange-error').innerText()).toBe('{{ nope }}');
    expect(await page.locator('#tab-template .count').innerText()).toBe('1');
    expect(await page.locator('#verdict').innerText()).toContain('the last result');
    expect(await lines().count()).toBeGreaterThan(100);
    await page.keyboard.press('Control+z');
    await page.locator('#verdict', { hasText: 'Injected' }).waitFor();
    expect(await page.locator('#problems').isVisible()).toBe(false);
  });

  it('marks what a template fails on at its line and column', async () => {
    await type('template', '# {{ .Nope }}\n');
    await page.locator('#problems button b', { hasText: 'sidecar:1:6' }).waitFor();
    expect(await page.locator('#panel-template .cm-lintRange-error').innerText()).toBe('.Nope }}');
    await page.click('#tab-pod');
    await page.click('#problems button');
    expect(await selectedTab('inputs')).toBe('tab-template');
    expect(await editor('template').evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
  });

  it('shows the template line that made a line that is clicked', async () => {
    const line = added('image: registry.istio.io').first();
    await line.click();
    expect(await line.getAttribute('aria-selected')).toBe('true');
    expect(await selectedTab('inputs')).toBe('tab-template');
    expect(await page.locator('#panel-template .cm-source-line').first().innerText()).toMatch(/^\s*image: /);
    const source = await page.locator('#source').innerText();
    expect(source).toMatch(/spec\.initContainers\[istio-init\]\.image\s+sidecar:\d+/);
    expect(source).toContain('values global.hub');
  });

  it('marks the lines that a template line made', async () => {
    await added('image: registry.istio.io').first().click();
    await page.locator('#panel-template .cm-source-line').first().click();
    expect(await page.locator('#diff .made').allInnerTexts()).toEqual([
      expect.stringContaining('image: registry.istio.io'),
    ]);
  });

  it('stays in the text that is edited while a line is selected', async () => {
    await added('image: registry.istio.io').first().click();
    await type('values', '# changed\nextra: 1\n');
    await page.waitForTimeout(300);
    expect(await selectedTab('inputs')).toBe('tab-values');
    expect(await page.locator('#diff [aria-selected=true]').innerText()).toContain('image: registry.istio.io');
  });

  it('keeps edits of one template while another one is shown', async () => {
    await type('template', '{{ nope }}');
    await page.locator('#problems', { hasText: 'nope' }).waitFor();
    await page.selectOption('#template', 'gateway');
    await page.locator('#problems button b', { hasText: 'sidecar:1' }).click();
    expect(await page.locator('#template').inputValue()).toBe('sidecar');
    expect(await editor('template').innerText()).toMatch(/^\{\{ nope \}\}/);
  });

  it('explains why a pod is not injected, and what would change it', async () => {
    await page.selectOption('#example', 'Pod that refuses');
    await page.locator('#verdict[data-outcome=skipped]').waitFor();
    expect(await page.locator('#verdict').innerText()).toContain('sidecar.istio.io/inject=true');
    await page.click('#tab-trace');
    expect(await page.locator('#trace [aria-current=step] .rule').innerText()).toBe('inject-label');
  });

  it('shows markup in a pod as text', async () => {
    await page.click('#tab-pod');
    await editor('pod').focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(
      'kind: Pod\nmetadata: {name: "<img src=x onerror=alert(1)>", labels: {"<b>": "</script>"}}\nspec: {containers: [{name: a}]}\n',
    );
    await page.locator('#diff .line', { hasText: 'name: <img src=x onerror=alert(1)>' }).first().waitFor();
    expect(await page.locator('#diff img, #source img, #verdict img').count()).toBe(0);
  });

  it('can be used with the keyboard alone', async () => {
    await page.keyboard.press('Alt+2');
    expect(await selectedTab('inputs')).toBe('tab-template');
    await page.keyboard.press('Alt+4');
    await page.keyboard.press('n');
    expect(await page.locator('#diff [aria-selected=true]').innerText()).toContain('annotations:');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#diff [aria-selected=true]').innerText()).toContain('istio.io/rev');
    const active = await page.locator('#diff').getAttribute('aria-activedescendant');
    expect(await page.locator('#diff [aria-selected=true]').getAttribute('id')).toBe(active);
    await page.keyboard.press('Enter');
    expect(await editor('template').evaluate((element) => element.contains(element.ownerDocument.activeElement))).toBe(
      true,
    );
    await page.keyboard.press('Alt+5');
    expect(await selectedTab('results')).toBe('tab-trace');
    await page.keyboard.press('?');
    expect(await page.locator('#help').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('#help').isVisible()).toBe(false);
    await page.locator('#tab-pod').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await selectedTab('inputs')).toBe('tab-values');
  });

  it('goes through everything with Tab, in the order of the page and with a visible focus', async () => {
    const order = ['example', 'reset', 'theme', 'help-open', 'tab-pod', 'cm-editor', 'tab-diff', 'changes', 'diff'];
    for (const name of order) {
      await page.keyboard.press('Tab');
      const focused = (): Promise<unknown> =>
        page.evaluate(`(() => {
          const framed = document.activeElement.closest('.cm-editor') ?? document.activeElement;
          return { name: framed.id || framed.classList[0], outline: getComputedStyle(framed).outlineStyle };
        })()`);
      // The editor learns of its focus a little later.
      await expect.poll(focused).toEqual({ name, outline: expect.not.stringMatching('none') });
    }
  });

  it('is light or dark as the system is, unless one is chosen', async () => {
    const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.click('#theme');
    expect(await page.locator('#theme').innerText()).toContain('Light');
    expect(await background()).toBe(light);
  });

  it('fits on a small screen', async () => {
    await page.setViewportSize({ width: 420, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  });

  it('shows the result of a change in a template of 300 lines within 100 ms', async () => {
    const long = await startPlayground(withTemplate(longTemplate()), {});
    try {
      await page.close();
      await open(long.url);
      const times: number[] = [];
      const works: number[] = [];
      const limit = (): number => 100 * Math.max(1, fourthBest(works) / quickWork);
      while (times.length < 15 || (times.length < 150 && fourthBest(times) >= limit())) {
        await page.evaluate("document.getElementById('speed').value = ''");
        await type('template', `{{/* ${times.length} */}}`);
        const speed = page.locator('#speed', { hasText: 'ms' });
        times.push(parseInt(await speed.innerText(), 10));
        works.push(timeOfWork());
      }
      expect(await lines().count()).toBeGreaterThan(300);
      expect(fourthBest(times), `milliseconds: ${times.join(' ')}`).toBeLessThan(limit());
    } finally {
      await long.drain(0);
    }
  });
});
