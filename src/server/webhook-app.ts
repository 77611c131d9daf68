import { METHODS, type IncomingMessage } from 'node:http';
import type { Http2SecureServer, Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { emptyAnswer, errorAnswer, redirectAnswer, type HttpAnswer } from './http-answer.ts';
import { resolveTarget } from './request-path.ts';
import { createTlsServer, type TlsPolicy } from './tls.ts';
import type { ServingCertificate } from './certificates.ts';
import { serveWebhook, type Webhook } from './webhook.ts';

/** What the HTTPS port serves. A webhook that is not given answers 404. */
export interface WebhookAppOptions {
  readonly certificate: ServingCertificate;
  readonly tlsPolicy: TlsPolicy;
  readonly inject?: Webhook;
  readonly validate?: Webhook;
  readonly workloads?: Webhook;
  /** What `GET /ready` says. */
  readonly isReady: () => boolean;
}

export type WebhookApp = FastifyInstance<Http2SecureServer>;

/** The application behind the HTTPS port. */
export function createWebhookApp(options: WebhookAppOptions): WebhookApp {
  const app = fastify({
    serverFactory: (handler) => createTlsServer(options.certificate, options.tlsPolicy, handler),
    http2: true,
    https: {},
    logger: false,
    // Requests that come in while draining are still answered.
    return503OnClosing: false,
    // The paths are those of Go's mux, see request-path.ts; Fastify's router would read them in its own way.
    rewriteUrl: () => '/',
    clientErrorHandler: refuseMalformed,
  }) as unknown as WebhookApp;
  for (const method of METHODS) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
  // In onRequest and on the raw response: Fastify would judge the content type of the request, and add to that of the answer.
  app.route({
    method: app.supportedMethods,
    url: '/',
    exposeHeadRoute: false,
    onRequest: async ({ raw, originalUrl }, reply) => {
      const answer = await answerRequest(options, raw, originalUrl);
      reply.hijack();
      writeAnswer(reply.raw, answer, app.server.listening || raw.httpVersionMajor > 1);
    },
    handler: unreachable,
  });
  return app;
}

function writeAnswer(response: Http2ServerResponse, { status, headers, body }: HttpAnswer, keepOpen: boolean): void {
  const length = { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, keepOpen ? { ...headers, ...length } : { ...headers, ...length, connection: 'close' });
  writeBody(response, body);
}

/** Written at once, a long text would be encrypted at once: this many bytes take 0.1 ms. */
const chunkLength = 64 * 1024;

/** Hands over long bodies piece by piece, each when the one before was sent. */
function writeBody(response: Http2ServerResponse, body: string | Uint8Array): void {
  if (body.length <= chunkLength) {
    response.end(body);
    return;
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  let sent = 0;
  const sendNext = (): void => {
    if (response.destroyed || response.writableEnded) return;
    const chunk = bytes.subarray(sent, (sent += chunkLength));
    if (sent >= bytes.length) response.end(chunk);
    else if (response.write(chunk)) setImmediate(sendNext);
    else response.once('drain', sendNext);
  };
  sendNext();
}

const malformedAnswers: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/** Answers what is no HTTP request, as Go does. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  const status = malformedAnswers[error.code ?? ''] ?? '400 Bad Request';
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const head = `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n`;
  socket.end(head + status, () => socket.destroy());
}

const unreachable = (): never => {
  throw new Error('every request is answered in onRequest');
};

async function answerRequest(
  options: WebhookAppOptions,
  request: IncomingMessage | Http2ServerRequest,
  url: string,
): Promise<HttpAnswer> {
  const target = resolveTarget(url);
  const method = request.method ?? '';
  switch (target.kind) {
    case 'malformed':
      return errorAnswer(400, '400 Bad Request');
    case 'redirect':
      return redirectAnswer(target.location, method);
    case 'not-found':
      return notFound;
    case 'route': {
      if (target.name === 'ready') {
        if (method !== 'GET' && method !== 'HEAD') return notFound;
        return emptyAnswer(options.isReady() ? 200 : 503);
      }
      const webhook = options[target.name];
      return webhook === undefined ? notFound : serveWebhook(webhook, request, target.path, target.timeout);
    }
  }
}

const notFound = errorAnswer(404, '404 page not found');
