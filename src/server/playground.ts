/**
 * The playground: a page, and the injector behind it. Pods may hold secrets: nothing of a request is logged or kept, and only pages of
 * this server may ask.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SourceText } from '../configuration/index.ts';
import type { Injector } from '../injection/index.ts';
import type { PlaygroundStart, PreviewRequest } from '../playground/index.ts';
import { decodeYamlMap, isRecord } from '../yaml/index.ts';

/** What the playground starts from. */
export interface PlaygroundSources {
  /** The injector in use; what is not edited in the page is as it has it. */
  readonly injector: () => Injector;
  /** The texts in use: keys `config` and `values`. */
  readonly texts: () => readonly [config: SourceText, values: SourceText, ...others: SourceText[]];
}

/** Where the page is. */
export const playgroundPath = '/playground';

/** Longest request: a pod of 1.5 MiB, the most that etcd stores, and texts of a ConfigMap, which holds 1 MiB. */
const maxRequestBytes = 4 * 1024 * 1024;

/** The page as the build made it. From a checkout, the server runs in `src/` and the page is in `dist/` just the same. */
const pageFolder = fileURLToPath(new URL('../../dist/playground/page/', import.meta.url));

const pageFiles: Readonly<Record<string, string>> = {
  'app.js': 'text/javascript; charset=utf-8',
  'app.css': 'text/css; charset=utf-8',
  'icon.svg': 'image/svg+xml',
};

/** Adds the playground to an application. */
export function addPlayground(app: FastifyInstance, sources: PlaygroundSources): void {
  void app.register((scope, _options, done) => {
    addRoutes(scope, sources);
    done();
  });
}

function addRoutes(app: FastifyInstance, sources: PlaygroundSources): void {
  app.addHook('onRequest', refuseOtherPages);
  // Errors of Fastify name the fault; anything else could quote what was sent.
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ error: status < 500 ? error.message : 'internal error' });
  });
  app.get(playgroundPath, (_request, reply) => sendPage(reply));
  app.get(`${playgroundPath}/`, (_request, reply) => reply.redirect(`..${playgroundPath}`));
  for (const [name, type] of Object.entries(pageFiles)) {
    app.get(`${playgroundPath}/${name}`, (_request, reply) =>
      reply.type(type).header('cache-control', 'no-cache').send(readPageFile(name)),
    );
  }
  app.get(`${playgroundPath}/start`, async (_request, reply) =>
    reply.header('cache-control', 'no-store').send(await startOf(sources.texts())),
  );
  app.post(`${playgroundPath}/preview`, { bodyLimit: maxRequestBytes }, async (request, reply) => {
    const asked = readRequest(request.body);
    if (asked === undefined) return reply.code(400).send({ error: 'pod, templates and values are missing' });
    const { previewInjection } = await loadPlayground();
    const { configuration, context } = sources.injector();
    return reply.header('cache-control', 'no-store').send(previewInjection(asked, { configuration, context }));
  });
}

/**
 * Refuses requests that other sites make: by what the browser says about where they come from, and by the host, which a
 * site that points its own name at this machine cannot hide. Names other than `localhost` are for nobody but such sites.
 */
function refuseOtherPages(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const site = request.headers['sec-fetch-site'] ?? 'none';
  const isNavigation = request.headers['sec-fetch-mode'] === 'navigate' && request.method === 'GET';
  const host = request.hostname.replace(/^\[|\]$/g, '');
  const isOwn = site === 'same-origin' || site === 'none' || isNavigation;
  if (isOwn && (isIP(host) !== 0 || /^(?:.+\.)?localhost$/i.test(host))) {
    done();
    return;
  }
  reply.code(403).send({ error: 'open the playground under localhost or an IP address' });
}

function sendPage(reply: FastifyReply): FastifyReply {
  // The editor writes its style rules at run time; browsers write style attributes into texts that are edited.
  const nonce = randomBytes(16).toString('base64');
  return reply
    .type('text/html; charset=utf-8')
    .headers({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy':
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; ` +
        `base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    })
    .send(readPageFile('index.html').replace('{{nonce}}', nonce));
}

function readPageFile(name: string): string {
  return readFileSync(join(pageFolder, name), 'utf8');
}

/** Loaded when somebody plays: a server that injects need not know where each line comes from. */
function loadPlayground() {
  return import('../playground/index.ts');
}

/** The templates of the configuration in use, each as its own text. */
async function startOf([config, values]: ReturnType<PlaygroundSources['texts']>): Promise<PlaygroundStart> {
  const entries = Object.entries(decodeYamlMap(config.text)).map(([key, value]) => [key.toLowerCase(), value] as const);
  const fields = new Map(entries);
  const texts = fields.get('templates');
  const templates = Object.entries(isRecord(texts) ? texts : {}).map(([name, text]) => ({ name, text: String(text) }));
  const defaults = fields.get('defaulttemplates');
  const first = Array.isArray(defaults) ? String(defaults[0]) : 'sidecar';
  const template = templates.find(({ name }) => name === first)?.name ?? templates[0]?.name ?? 'sidecar';
  const { examplePods } = await loadPlayground();
  return { templates, template, values: values.text, examples: examplePods };
}

function readRequest(body: unknown): PreviewRequest | undefined {
  if (!isRecord(body)) return undefined;
  const { pod, values, templates } = body;
  if (typeof pod !== 'string' || typeof values !== 'string' || !Array.isArray(templates)) return undefined;
  const isNamedText = (item: unknown): boolean =>
    isRecord(item) && typeof item['name'] === 'string' && typeof item['text'] === 'string';
  return templates.every(isNamedText)
    ? { pod, values, templates, withSources: body['withSources'] === true }
    : undefined;
}
