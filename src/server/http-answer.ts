/** What is written to a client; every answer of the HTTPS port is made by one of the functions below. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Whether the connection ends with it. */
  readonly closes?: boolean;
}

const textHeaders = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };
const reviewHeaders = { 'content-type': 'application/json' };

/** An AdmissionReview, as JSON text or as that text in UTF-8. */
export function reviewAnswer(review: string | Uint8Array): HttpAnswer {
  return { status: 200, headers: reviewHeaders, body: review };
}

/** A plain-text error with a newline, as Go's `http.Error` writes it. */
export function errorAnswer(status: number, message: string): HttpAnswer {
  return { status, headers: textHeaders, body: `${message}\n` };
}

/** An answer to a client that may ask again in a second: API servers do, until the time limit of the webhook. */
export function retryLater(answer: HttpAnswer): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, 'retry-after': '1' } };
}

/** An answer with which the connection ends. */
export function closing(answer: HttpAnswer): HttpAnswer {
  return { ...answer, closes: true };
}

/** A status without a body. */
export function emptyAnswer(status: number): HttpAnswer {
  return { status, headers: {}, body: '' };
}

/** Go's answer to a path that is not clean; only GET and HEAD get a body. */
export function redirectAnswer(location: string, method: string): HttpAnswer {
  if (method !== 'GET' && method !== 'HEAD') return { status: 307, headers: { location }, body: '' };
  const href = location.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    status: 307,
    headers: { location, 'content-type': 'text/html; charset=utf-8' },
    body: `<a href="${href}">Temporary Redirect</a>.\n\n`,
  };
}
