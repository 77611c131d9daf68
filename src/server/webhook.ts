import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { errorAnswer, reviewAnswer, type HttpAnswer } from './http-answer.ts';
import { maxBodyBytes } from './limits.ts';

/** A review to be answered. */
export interface WebhookRequest {
  /** Never empty; it belongs to the webhook, which may hand its memory to another thread. */
  readonly body: Buffer;
  /** Unescaped, without the query. */
  readonly path: string;
  /** How long the client waits (`?timeout=`), in milliseconds; absent when it does not say. */
  readonly timeout?: number;
}

/** An AdmissionReview as JSON text, or that text in UTF-8. */
export type Review = string | Uint8Array;

/** An admission webhook as the server sees it: bytes in, text out. */
export interface Webhook {
  /**
   * Answers one review, at once where it can.
   * @throws {RequestRefused} (or rejects with it) when it will not be answered; anything else that is thrown is a crash
   */
  answer(request: WebhookRequest): Review | Promise<Review>;
  /** Called for each request that was refused before {@link answer}, or whose {@link answer} threw. */
  refused(refusal: Refusal): void;
}

/** A webhook does not answer a request; the message is for the client and never holds contents of the body. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly reason: Refusal['reason'];
  readonly status: number;

  constructor(reason: Refusal['reason'], status: number, message: string) {
    super(message);
    this.reason = reason;
    this.status = status;
  }
}

/** A request that got no AdmissionReview. */
export interface Refusal {
  readonly reason: 'too-large' | 'read-error' | 'no-body' | 'content-type' | 'overload' | 'deadline' | 'crash';
  readonly status: number;
  readonly path: string;
  /** For the log; never the contents of the body. */
  readonly message: string;
  /** What {@link Webhook.answer} threw. */
  readonly error?: unknown;
}

type Request = IncomingMessage | Http2ServerRequest;

/**
 * The way of a request through a webhook. The order of the checks is Istio's: size, empty body, content type; all
 * that comes later is answered with status 200 and an AdmissionReview.
 */
export async function serveWebhook(
  webhook: Webhook,
  request: Request,
  path: string,
  timeout?: number,
): Promise<HttpAnswer> {
  const refuse = (reason: Refusal['reason'], status: number, message: string, error?: unknown): HttpAnswer => {
    webhook.refused({ reason, status, path, message, error });
    return errorAnswer(status, message);
  };
  let body: Buffer | 'too-large';
  try {
    body = await readBody(request);
  } catch (error) {
    return refuse('read-error', 400, error instanceof Error ? error.message : String(error));
  }
  if (body === 'too-large') {
    return refuse('too-large', 400, `Request entity too large: limit is ${maxBodyBytes}`);
  }
  if (body.length === 0) return refuse('no-body', 400, 'no body found');
  if (request.headers['content-type'] !== 'application/json') {
    return refuse('content-type', 415, 'invalid Content-Type, want `application/json`');
  }
  try {
    return reviewAnswer(await webhook.answer({ body, path, timeout }));
  } catch (error) {
    if (error instanceof RequestRefused) return refuse(error.reason, error.status, error.message);
    return refuse('crash', 500, 'internal error: the request could not be processed', error);
  }
}

/** Reads a body up to the limit; what a client sends beyond it is thrown away by node:http once we have answered. */
function readBody(request: Request): Promise<Buffer | 'too-large'> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve('too-large');
    });
    request.on('end', () => {
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
    request.on('close', () => {
      reject(new Error('unexpected EOF'));
    });
  });
}
