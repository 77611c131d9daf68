/** What can go wrong with a call to the API server: it refused, or there was no (usable) answer. */

/** The API server answered with an error (`metav1.Status`). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status. */
  readonly status: number;
  /** `metav1.StatusReason`: `NotFound`, `AlreadyExists`, `Conflict`, `Expired`, `Forbidden`, …; may be empty. */
  readonly reason: string;
  /** How long the server asks to wait before the next try, in seconds. */
  readonly retryAfterSeconds?: number;
  /** `details` of the status, such as the causes of a conflict between field managers. */
  readonly details?: unknown;

  constructor(
    message: string,
    answer: { status: number; reason?: string; retryAfterSeconds?: number; details?: unknown },
  ) {
    super(message);
    this.status = answer.status;
    this.reason = answer.reason ?? '';
    this.retryAfterSeconds = answer.retryAfterSeconds;
    this.details = answer.details;
  }
}

/** There was no usable answer: not reachable, cut off, too late, or not the JSON that was asked for. */
export class ApiConnectionError extends Error {
  override readonly name = 'ApiConnectionError';
}

/** The object, or its kind, does not exist. */
export function isNotFound(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 404;
}

/** Somebody else was faster: the object exists already, or was changed since it was read. */
export function isConflict(error: unknown): error is ApiError {
  return error instanceof ApiError && error.status === 409;
}

/** The resource version (or `continue` token) of a list or watch is too old: list again. */
export function isExpired(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.status === 410 || error.reason === 'Expired' || error.reason === 'Gone');
}

/** The error that a `metav1.Status` stands for; anything else gives a message that names the HTTP status. */
export function apiErrorOf(body: unknown, httpStatus: number, retryAfter?: string): ApiError {
  const { message, reason, code, details } = fields(body);
  const status = typeof code === 'number' ? code : httpStatus;
  const fromDetails = fields(details)['retryAfterSeconds'];
  const seconds = typeof fromDetails === 'number' ? fromDetails : Number(retryAfter);
  return new ApiError(
    typeof message === 'string' && message !== '' ? message : `the API server answered with status ${status}`,
    {
      status,
      reason: typeof reason === 'string' ? reason : '',
      retryAfterSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : undefined,
      details,
    },
  );
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
