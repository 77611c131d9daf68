import { fastify, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { describeReadiness, isReady, type Health } from './health.ts';

/** The application behind the monitoring port: `/healthz`, `/readyz` and `/metrics`, plain HTTP. */
export function createMonitoringApp(registry: Registry, health: Health): FastifyInstance {
  const app = fastify({ logger: false, return503OnClosing: false });
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain; charset=utf-8').send('404 page not found\n'),
  );

  app.get('/healthz', (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok'));
  app.get<{ Querystring: Record<string, string> }>('/readyz', (request, reply) => {
    const ready = isReady(health);
    const verbose = 'verbose' in request.query;
    const short = ready ? 'ok' : health.phase();
    return reply
      .code(ready ? 200 : 503)
      .type('text/plain; charset=utf-8')
      .send(verbose ? describeReadiness(health) : short);
  });
  app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  return app;
}
