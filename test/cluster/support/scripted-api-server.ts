/**
 * An API server of a few resources over real HTTPS: list (with pages), watch (with bookmarks) and writes enough for tests, and levers
 * to misbehave: cut, silent and garbled watches, forgotten versions, refusals, slow answers.
 */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import fastJsonPatch, { type Operation } from 'fast-json-patch';
import { testCertificate } from '../../server/support/certificate.ts';
import type { Credentials } from '../../../src/cluster/credentials.ts';

interface StoredObject {
  readonly kind?: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly resourceVersion?: string };
}

/** What a test answers instead of the server; `undefined` leaves the answer to the server. */
type Override = (request: { readonly path: string; readonly query: URLSearchParams }) => Reply | undefined;

/** `'hang'` never answers; an object is sent as it is. */
type Reply = 'hang' | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> };

interface Watcher {
  readonly path: string;
  readonly response: ServerResponse;
}

export class ScriptedApiServer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #watchers = new Set<Watcher>();
  readonly #collections = new Map<string, Map<string, StoredObject>>();
  readonly #history: { path: string; version: number; type: string; object: StoredObject }[] = [];
  readonly #ca: Buffer;
  #version = 100;
  #forgotten = 0;
  /** Paths with queries, in the order in which they came. */
  readonly requests: string[] = [];
  /** Headers of the last request. */
  lastHeaders: IncomingMessage['headers'] = {};
  override: Override = () => undefined;
  /** Kept, but not told. */
  mute = false;

  private constructor(server: Server, ca: Buffer) {
    this.#server = server;
    this.#ca = ca;
    server.on('request', (request, response) => {
      this.#answer(request, response);
    });
    server.on('secureConnection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
    });
  }

  static async start(): Promise<ScriptedApiServer> {
    const { cert, key, folder } = await testCertificate();
    const server = new ScriptedApiServer(createServer({ cert, key }), readFileSync(join(folder, 'ca.crt')));
    await server.listen(0);
    return server;
  }

  async listen(port = this.port): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  port = 0;

  /** Closes the port and cuts all connections. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cutConnections();
    await closed;
  }

  cutConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#watchers.clear();
  }

  get credentials(): Credentials {
    const request = { ca: this.#ca, headers: { authorization: 'Bearer test' } };
    return { server: new URL(`https://127.0.0.1:${this.port}`), forRequest: () => Promise.resolve(request) };
  }

  get watches(): number {
    return this.#watchers.size;
  }

  /** Watches whose client is still there. */
  get openWatches(): number {
    return [...this.#watchers].filter(({ response }) => response.socket?.destroyed === false).length;
  }

  put(path: string, object: StoredObject): void {
    const { name, namespace } = object.metadata;
    const key = `${namespace ?? ''}/${name}`;
    const collection = this.#collection(path);
    const type = collection.has(key) ? 'MODIFIED' : 'ADDED';
    this.#version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    collection.set(key, stored);
    this.#tell(path, type, stored);
  }

  remove(path: string, name: string, namespace?: string): void {
    const key = `${namespace ?? ''}/${name}`;
    const object = this.#collection(path).get(key);
    if (object === undefined) throw new Error(`no ${path} ${key}`);
    this.#version += 1;
    this.#collection(path).delete(key);
    this.#tell(path, 'DELETED', {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.#version) },
    });
  }

  bookmark(path: string): void {
    this.send(path, `${JSON.stringify(bookmarkOf(this.#version))}\n`);
  }

  /** Sends a text to all watches of a path. */
  send(path: string, text: string): void {
    for (const watcher of this.#watchers) if (watcher.path === path) watcher.response.write(text);
  }

  /** Ends all watches in order, as the API server does after `timeoutSeconds`. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end();
    this.#watchers.clear();
  }

  /** Watches from versions up to now are refused with 410. */
  forget(): void {
    this.#version += 1;
    this.#forgotten = this.#version;
  }

  #collection(path: string): Map<string, StoredObject> {
    let collection = this.#collections.get(path);
    if (collection === undefined) this.#collections.set(path, (collection = new Map()));
    return collection;
  }

  #tell(path: string, type: string, object: StoredObject): void {
    this.#history.push({ path, version: this.#version, type, object });
    if (!this.mute) this.send(path, `${JSON.stringify({ type, object })}\n`);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname: path, searchParams: query } = new URL(request.url ?? '', 'https://x');
    this.requests.push(request.url ?? '');
    this.lastHeaders = request.headers;
    const reply = this.override({ path, query });
    if (reply === 'hang') return;
    if (reply !== undefined) {
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
      return;
    }
    response.setHeader('content-type', 'application/json');
    if (request.method !== 'GET') void this.#write(path, request, response);
    else if (query.get('watch') === 'true') this.#watch(path, query, response);
    else if (this.#collections.has(path) || !this.#isObject(path)) this.#list(path, query, response);
    else this.#get(path, response);
  }

  #isObject(path: string): boolean {
    return this.#collections.has(dirname(path));
  }

  #get(path: string, response: ServerResponse): void {
    const object = this.get(dirname(path), basename(path));
    if (object === undefined) refuse(response, 404, 'NotFound');
    else response.end(JSON.stringify(object));
  }

  /** An object by its name. */
  get(path: string, name: string): StoredObject | undefined {
    return [...this.#collection(path).values()].find(({ metadata }) => metadata.name === name);
  }

  /** Makes sure that a collection is known, so that what is not in it is missing. */
  define(path: string): void {
    this.#collection(path);
  }

  /** POST, PUT with its resource version, and PATCH (RFC 6902); dry runs change nothing. */
  async #write(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse(await text(request));
    const dryRun = request.url?.includes('dryRun=All') === true;
    const [collection, name] =
      request.method === 'POST' ? [path, (body as StoredObject).metadata.name] : [dirname(path), basename(path)];
    const old = this.get(collection, name);
    if (request.method === 'POST' && old !== undefined) {
      refuse(response, 409, 'AlreadyExists');
      return;
    }
    if (request.method !== 'POST' && old === undefined) {
      refuse(response, 404, 'NotFound');
      return;
    }
    let written = body as StoredObject;
    if (request.method === 'PUT' && written.metadata.resourceVersion !== old?.metadata.resourceVersion) {
      refuse(response, 409, 'Conflict');
      return;
    }
    if (request.method === 'PATCH') {
      try {
        written = fastJsonPatch.applyPatch(structuredClone(old), body as Operation[], true).newDocument as StoredObject;
      } catch {
        refuse(response, 422, 'Invalid');
        return;
      }
    }
    if (!dryRun) this.put(collection, written);
    response.end(JSON.stringify(dryRun ? written : this.get(collection, name)));
  }

  #list(path: string, query: URLSearchParams, response: ServerResponse): void {
    const all = this.#selected(path, query);
    const start = Number(query.get('continue') ?? 0);
    const end = start + Number(query.get('limit') ?? all.length);
    response.end(
      JSON.stringify({
        kind: 'List',
        metadata: { resourceVersion: String(this.#version), continue: end < all.length ? String(end) : undefined },
        // Items of a list name no kind.
        items: all.slice(start, end).map(({ metadata, ...rest }) => ({ ...rest, kind: undefined, metadata })),
      }),
    );
  }

  #watch(path: string, query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion') ?? 0);
    response.writeHead(200);
    response.flushHeaders();
    if (from < this.#forgotten) {
      const object = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' };
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`);
      return;
    }
    this.#watchers.add({ path, response });
    for (const event of this.#history) {
      if (event.path === path && event.version > from) {
        response.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`);
      }
    }
  }

  #selected(path: string, query: URLSearchParams): StoredObject[] {
    const name = /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
    return [...this.#collection(path).values()].filter(({ metadata }) => name === undefined || metadata.name === name);
  }
}

function refuse(response: ServerResponse, code: number, reason: string): void {
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ kind: 'Status', code, reason, message: reason }));
}

function bookmarkOf(version: number): object {
  return { type: 'BOOKMARK', object: { kind: 'X', metadata: { resourceVersion: String(version) } } };
}

/** Polls until a condition holds; the time is there to end what hangs. */
export async function until(what: string, holds: () => boolean, timeout = 60_000): Promise<void> {
  const end = Date.now() + timeout;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`timed out waiting until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
