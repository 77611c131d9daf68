import { setImmediate as othersTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Labels } from '../kubernetes/index.ts';
import type { Injector } from '../injection/index.ts';
import { splitDocuments } from '../injection/manual/index.ts';
import { decodeYaml } from '../yaml/index.ts';

/** Longest body: as of a review. */
const bodyLimit = 6 * 1024 * 1024;

/**
 * Most objects of one request, items of lists counted one by one: an explanation costs as much as some injections, in the process that
 * serves the webhooks.
 */
const mostObjects = 100;

/** A request that is not understood; the message is for the one who sent it. */
class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

/**
 * Adds `POST /explain`: YAML or JSON of pods, workloads, lists or AdmissionReviews in, an array of explanations out. It shows
 * configuration to whoever reaches the port, and nothing of a request is logged.
 *
 * Query: `namespace` of objects that name none; `namespaceLabels` as `name=value,name=value`; `path` of the webhook's URL.
 * @param injector the injector in use; `undefined` while there is none
 */
export function addExplainEndpoint(app: FastifyInstance, injector: () => Injector | undefined): void {
  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, parsed) => {
      parsed(null, body);
    });
    scope.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
      const status = error.statusCode ?? 500;
      return reply.code(status).send({ error: status < 500 ? error.message : 'internal error' });
    });
    scope.post<{ Querystring: Record<string, unknown> }>('/explain', async (request, reply) => {
      const explainer = injector();
      if (explainer === undefined) throw new RequestError(503, 'there is no configuration yet');
      const { namespace, namespaceLabels, path } = request.query;
      const surroundings = {
        ...(typeof namespace === 'string' && { namespace }),
        ...(typeof namespaceLabels === 'string' && { namespaceLabels: readLabels(namespaceLabels) }),
        ...(typeof path === 'string' && { path }),
      };
      const documents = readDocuments(typeof request.body === 'string' ? request.body : '');
      // Loaded when it is asked for: a server that injects need not be able to explain.
      const { explainObject, podsIn } = await import('../workloads/explain-object.ts');
      const objects = documents.flatMap((document) => podsIn(document));
      refuseTooMany(objects);
      const explanations = [];
      for (const object of objects) {
        explanations.push(...explainObject(explainer, object, surroundings));
        // Reviews that came meanwhile are answered first.
        await othersTurn();
      }
      return reply.header('cache-control', 'no-store').send(explanations);
    });
    done();
  });
}

function readDocuments(text: string): unknown[] {
  let documents: unknown[];
  try {
    documents = text.trimStart().startsWith('{') ? [JSON.parse(text)] : [...splitDocuments(text)].map(decodeYaml);
  } catch {
    // The parser's message may quote what was sent.
    throw new RequestError(400, 'the body is neither JSON nor YAML');
  }
  refuseTooMany(documents);
  return documents;
}

function refuseTooMany(objects: readonly unknown[]): void {
  if (objects.length > mostObjects) throw new RequestError(413, `more than ${mostObjects} objects`);
}

function readLabels(text: string): Labels {
  const labels = Object.create(null) as Record<string, string>;
  for (const pair of text.split(',').filter((item) => item !== '')) {
    const [name = '', value, ...rest] = pair.split('=');
    if (name === '' || value === undefined || rest.length > 0)
      throw new RequestError(400, 'namespaceLabels are written as name=value,name=value');
    labels[name] = value;
  }
  return labels;
}
