import { closing, errorAnswer, retryLater, reviewAnswer, type HttpAnswer } from './http-answer.ts';
import type { Request, RequestBodies } from './intake/request-bodies.ts';
import type { RequestQueue } from './intake/request-queue.ts';

/** A review to be answered. */
export interface WebhookRequest {
  /** Never empty; it belongs to the webhook, which may hand its memory to another thread. */
  readonly body: Buffer;
  /** Unescaped, without the query. */
  readonly path: string;
  /** How long the client goes on waiting (`?timeout=`), in milliseconds; absent when it does not say. */
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
  /** Whether the connection ends with the answer, since the rest of the request is not waited for. */
  readonly closes: boolean;

  constructor(reason: Refusal['reason'], status: number, message: string, { closes = false } = {}) {
    super(message);
    this.reason = reason;
    this.status = status;
    this.closes = closes;
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

/** What bounds the requests of all webhooks together. */
export interface Intake {
  readonly bodies: RequestBodies;
  readonly queue: RequestQueue;
  /** Called for each request that is refused. */
  readonly refused: (refusal: Refusal) => void;
}

/**
 * The way of a request through a webhook; `send` is called once. The order of the checks is Istio's: size, empty body, content type; all
 * that comes later is answered with status 200 and an AdmissionReview. Nothing here is asynchronous without need: a promise for each
 * step costs more than the steps.
 */
export function serveWebhook(
  webhook: Webhook,
  request: Request,
  { path, timeout }: { readonly path: string; readonly timeout?: number },
  { bodies, queue, refused }: Intake,
  send: (answer: HttpAnswer) => void,
): void {
  const deadline = timeout === undefined ? Infinity : performance.now() + timeout;

  function refuse(error: unknown): void {
    const refusal = error instanceof RequestRefused ? error : crash;
    const { reason, status, message } = refusal;
    const told = { reason, status, path, message, ...(refusal === crash && { error }) };
    webhook.refused(told);
    refused(told);
    const answer = errorAnswer(status, message);
    const patient = reason === 'overload' ? retryLater(answer) : answer;
    send(refusal.closes ? closing(patient) : patient);
  }

  function enqueue(body: Buffer): void {
    const { length } = body;
    const release = (): void => {
      bodies.release(length);
    };
    queue.add({
      deadline,
      answer: () => {
        const timeLeft = timeout === undefined ? undefined : deadline - performance.now();
        answer({ body, path, timeout: timeLeft }, release);
      },
      drop: () => {
        release();
        refuse(new RequestRefused('deadline', 504, 'the time that the client waits has passed'));
      },
    });
  }

  function answer(review: WebhookRequest, release: () => void): void {
    try {
      const result = webhook.answer(review);
      if (result instanceof Promise) {
        result
          .then((text) => {
            send(reviewAnswer(text));
          }, refuse)
          .finally(release);
        return;
      }
      send(reviewAnswer(result));
    } catch (error) {
      refuse(error);
    }
    release();
  }

  const full = queue.whyFull(deadline);
  if (full !== undefined) {
    refuse(new RequestRefused('overload', 503, full));
    return;
  }
  bodies.receive(request, (body) => {
    if (body instanceof RequestRefused) {
      refuse(body);
      return;
    }
    const fault = findFault(body, request.headers['content-type']);
    if (fault === undefined) {
      enqueue(body);
      return;
    }
    bodies.release(body.length);
    refuse(fault);
  });
}

const crash = new RequestRefused('crash', 500, 'internal error: the request could not be processed');

function findFault(body: Buffer, contentType: string | undefined): RequestRefused | undefined {
  if (body.length === 0) return new RequestRefused('no-body', 400, 'no body found');
  if (contentType === 'application/json') return undefined;
  return new RequestRefused('content-type', 415, 'invalid Content-Type, want `application/json`');
}
