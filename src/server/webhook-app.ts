import { METHODS, type IncomingMessage } from 'node:http';
import type { Http2SecureServer, Http2ServerRequest } from 'node:http2';
import type { Socket } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { ServingCertificate } from './certificates.ts';
import { emptyAnswer, errorAnswer, redirectAnswer, type HttpAnswer } from './http-answer.ts';
import { Connections } from './intake/connections.ts';
import { createIntakeMetrics } from './intake/intake-metrics.ts';
import { Outbox } from './intake/outbox.ts';
import { RequestBodies, type Request } from './intake/request-bodies.ts';
import { RequestQueue } from './intake/request-queue.ts';
import { defaultLimits, leaveTime, type ServerLimits } from './limits.ts';
import { resolveTarget, type Target } from './request-path.ts';
import { createTlsServer, type TlsPolicy } from './tls.ts';
import { serveWebhook, type Refusal, type Webhook } from './webhook.ts';
import { writeAnswer, type Response } from './write-answer.ts';

/** What the HTTPS port serves. A webhook that is not given answers 404. */
export interface WebhookAppOptions {
  readonly certificate: ServingCertificate;
  readonly tlsPolicy: TlsPolicy;
  readonly inject?: Webhook;
  readonly validate?: Webhook;
  readonly workloads?: Webhook;
  readonly config?: Webhook;
  /** What `GET /ready` says. */
  readonly isReady: () => boolean;
  /** Default: those of `limits.ts`. */
  readonly limits?: ServerLimits;
  /** Where the metrics of requests and connections go. */
  readonly registry?: Registry;
  /** Called for each request that is refused, beside {@link Webhook.refused}. */
  readonly onRefused?: (refusal: Refusal) => void;
}

export type WebhookApp = FastifyInstance<Http2SecureServer>;

/** The application behind the HTTPS port. */
export function createWebhookApp(options: WebhookAppOptions): WebhookApp {
  const limits = options.limits ?? defaultLimits;
  const bodies = new RequestBodies(limits);
  const queue = new RequestQueue(limits);
  const outbox = new Outbox();
  let isLeaving = false;
  const connections = new Connections(limits, (reason) => {
    metrics.closed.inc({ reason });
  });
  const metrics = createIntakeMetrics(options.registry ?? new Registry(), {
    waiting: () => queue.length,
    bytes: () => bodies.held,
    connections: () => connections.count,
  });
  const intake = {
    bodies,
    queue,
    refused: (refusal: Refusal) => {
      metrics.refused.inc({ reason: refusal.reason });
      options.onRefused?.(refusal);
    },
  };

  /** Answers what is for a webhook; Fastify, which takes 6 µs and judges content types in its own way, gets the rest. */
  function answerReview(request: Request, response: Response): boolean {
    const target = resolveTarget(request.url ?? '');
    const webhook = webhookOf(options, target);
    if (webhook === undefined || target.kind !== 'route') return false;
    const owner = ('stream' in request ? request.stream.session : undefined) ?? request.socket;
    connections.begin(owner);
    serveWebhook(webhook, request, target, intake, (answer) => {
      outbox.add(() => {
        connections.end(owner);
        writeAnswer(response, answer, !isLeaving);
      });
    });
    return true;
  }

  const app = fastify({
    serverFactory: (handler) => {
      const server = createTlsServer(options.certificate, options.tlsPolicy, (request, response) => {
        if (!answerReview(request, response)) handler(request, response);
      });
      connections.watch(server);
      server.on('close', () => {
        bodies.close();
      });
      return server;
    },
    http2: true,
    https: {},
    logger: false,
    // Requests that come in while draining are still answered.
    return503OnClosing: false,
    // The paths are those of Go's mux, see request-path.ts; Fastify's router would read them in its own way.
    rewriteUrl: () => '/',
    clientErrorHandler: refuseMalformed,
  }) as unknown as WebhookApp;
  // To close an idle connection while a request is on its way in it would fail that request, so clients are told by their next answer first.
  app.addHook('preClose', async () => {
    isLeaving = true;
    await connections.gone(leaveTime);
  });
  for (const method of METHODS) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
  // In onRequest and on the raw response: Fastify would add to the content type of the answer.
  app.route({
    method: app.supportedMethods,
    url: '/',
    exposeHeadRoute: false,
    onRequest: (request, reply) => {
      reply.hijack();
      writeAnswer(reply.raw, answerOther(options, request.raw, request.originalUrl), !isLeaving);
    },
    handler: unreachable,
  });
  return app;
}

function webhookOf(options: WebhookAppOptions, target: Target): Webhook | undefined {
  return target.kind === 'route' && target.name !== 'ready' ? options[target.name] : undefined;
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
  throw new Error('every request is answered before');
};

/** Answers what is not for a webhook. */
function answerOther(
  options: WebhookAppOptions,
  { method = '' }: IncomingMessage | Http2ServerRequest,
  url: string,
): HttpAnswer {
  const target = resolveTarget(url);
  switch (target.kind) {
    case 'malformed':
      return errorAnswer(400, '400 Bad Request');
    case 'redirect':
      return redirectAnswer(target.location, method);
    case 'not-found':
      return notFound;
    case 'route':
      if (target.name !== 'ready' || (method !== 'GET' && method !== 'HEAD')) return notFound;
      return emptyAnswer(options.isReady() ? 200 : 503);
  }
}

const notFound = errorAnswer(404, '404 page not found');
