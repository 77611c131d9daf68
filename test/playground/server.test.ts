import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlaygroundStart, Preview } from '../../src/playground/index.ts';
import { runCli } from '../../src/cli/program.ts';
import type { Listener } from '../../src/server/listen.ts';
import { startPlayground } from '../../src/server/run-playground.ts';
import { createLogger } from '../../src/server/logger.ts';
import { startServer, type ServerOptions } from '../../src/server/start.ts';
import { configurationFolder, recorder, serverOptions } from '../server/support/fixtures.ts';
import { repositoryRoot } from '../support/shared.ts';
import { pod } from './support.ts';

let listener: Listener;
beforeAll(async () => {
  const options = { address: '127.0.0.1', port: 0, objects: [], revision: 'default', clusterId: 'Kubernetes' };
  listener = await startPlayground(options, {});
});
afterAll(() => listener.drain(0));

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** node:http lets a test set the headers that a browser sets. */
function call(path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  const method = body === undefined ? 'GET' : 'POST';
  return new Promise((resolve, reject) => {
    const url = new URL(listener.url + path);
    const sent = request(url, { method, headers: { ...(body !== undefined && json), ...headers } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const json = { 'content-type': 'application/json' };
const asked = (templates: unknown = []): string =>
  JSON.stringify({ pod, values: 'global: {hub: h, tag: t}', templates });

describe('the server of the playground', () => {
  it('gives the page with a policy that lets it load nothing from elsewhere', async () => {
    const { status, text, headers } = await call('');
    const policy = String(headers['content-security-policy']);
    expect(status).toBe(200);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toMatch(/https?:|\*/);
    expect(policy).toContain(`'nonce-${/name="style-nonce" content="([^"]+)"/.exec(text)?.[1] ?? ''}'`);
    expect(text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it.each(['/app.js', '/app.css', '/icon.svg'])('gives %s', async (path) => {
    const { status, headers } = await call(path);
    expect([status, headers['x-content-type-options']]).toEqual([200, 'nosniff']);
  });

  it('gives the templates and values in use', async () => {
    const start = JSON.parse((await call('/start')).text) as PlaygroundStart;
    expect(start.templates.map(({ name }) => name)).toEqual(['sidecar', 'gateway', 'grpc-simple', 'grpc-agent']);
    expect(start.template).toBe('sidecar');
    expect(start.templates[0]?.text).toMatch(/^\{\{/);
    expect(start.values).toContain('global:');
  });

  it('injects what it is sent, with the templates that it is sent', async () => {
    const { text } = await call('/preview', {}, asked([{ name: 'sidecar', text: 'metadata: {labels: {by: me}}' }]));
    const preview = JSON.parse(text) as Preview;
    expect(preview.verdict?.outcome).toBe('injected');
    expect(preview.diff).toContainEqual(expect.objectContaining({ kind: 'added', text: '    by: me' }));
  });

  it.each(['[]', '{}', '{"pod":1}', '{"pod":"","values":"","templates":[{"name":"x"}]}', '{"pod":'])(
    'refuses %s',
    async (body) => {
      expect((await call('/preview', {}, body)).status).toBe(400);
    },
  );

  it('refuses what is too large', async () => {
    const templates = [{ name: 'x', text: 'x'.repeat(5 * 1024 * 1024) }];
    expect((await call('/preview', {}, asked(templates))).status).toBe(413);
  });

  it.each([
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-site', 'same-site'],
    ['host', 'rebound.example:80'],
    ['content-type', 'text/plain'],
  ])('refuses to answer another page: %s is %s', async (name, value) => {
    const { status, text } = await call('/preview', { [name]: value }, asked());
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain('diff');
  });

  it.each(['localhost', 'app.localhost', '127.0.0.1', '[::1]'])('answers under %s', async (host) => {
    expect((await call('/start', { host })).status).toBe(200);
  });

  it('may be opened by a link on another page', async () => {
    expect((await call('', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' })).status).toBe(200);
  });

  it('ends templates that would run for ever', async () => {
    const text = '{{ define "x" }}{{ template "x" . }}{{ template "x" . }}{{ end }}{{ template "x" . }}';
    const answer = await call('/preview', {}, asked([{ name: 'sidecar', text }]));
    expect((JSON.parse(answer.text) as Preview).verdict).toMatchObject({ reason: 'template-failed' });
  });
});

describe('outrigger serve --standalone', () => {
  async function statusOf(change: Partial<ServerOptions>): Promise<{ status: number; log: string }> {
    const log = recorder();
    const options = { ...(await serverOptions(configurationFolder())), ...change };
    const server = await startServer(options, {}, await createLogger(log));
    try {
      await fetch(`${server.monitoring}/playground/preview`, { method: 'POST', headers: json, body: asked() });
      return { status: (await fetch(`${server.monitoring}/playground/start`)).status, log: log.text() };
    } finally {
      await server.stop();
    }
  }

  it('has the playground on its monitoring port, and logs nothing of what it is sent', async () => {
    const { status, log } = await statusOf({});
    expect(status).toBe(200);
    expect(log).toContain('configuration loaded');
    expect(log).not.toMatch(/hunter2|cart|preview/);
  });

  it('has none where configuration is not to be shown', async () => {
    expect((await statusOf({ explain: false })).status).toBe(404);
  });
});

describe('outrigger playground', () => {
  it('says in one line what is wrong with its files', async () => {
    const [stdout, stderr] = [recorder(), recorder()];
    const terminal = { stdin: process.stdin, stdout, stderr, variables: {} };
    expect(await runCli(['playground', '--inject-config', '/no/such/file', '--port', '0'], terminal)).toBe(1);
    expect(stderr.text()).toMatch(/^Error: .*\/no\/such\/file.*\n$/);
  });

  it('says where it listens, and ends when it is told to', async () => {
    const node = join(repositoryRoot, 'node_modules/.bin/node');
    const args = [join(repositoryRoot, 'src/cli/main.ts'), 'playground', '--port', '0'];
    const process = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(process, 'exit');
    const [line] = (await once(process.stdout.setEncoding('utf8'), 'data')) as [string];
    const { event, playground } = JSON.parse(line) as { event: string; playground: string };
    expect(event).toBe('listening');
    // The address without a path leads to the page.
    expect(await (await fetch(new URL('/', playground))).text()).toContain('<title>Playground · Outrigger</title>');
    process.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
