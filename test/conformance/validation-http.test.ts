/**
 * The HTTP corpus of the validating webhook as far as it is answered with a review: bodies against `answerReview`. Paths,
 * methods, limits and content types are the server's, and tested with it.
 */
import { expect, it } from 'vitest';
import { answerReview } from '../../src/validation/index.ts';
import { describeShared, sharedLines } from '../support/shared.ts';

interface HttpCase {
  readonly id: string;
  readonly http: {
    readonly body?: string;
    readonly bodyBase64?: string;
    readonly bodyRepeat?: { readonly char: string; readonly count: number };
  };
  readonly expect: {
    readonly status: number;
    readonly bodyContains: readonly string[];
    readonly response?: { readonly response: { readonly status?: { readonly message: string } } };
    readonly messageMatch?: 'prefix';
  };
}

const file = 'conformance/validation/http.jsonl';

function bodyOf({ body, bodyBase64, bodyRepeat }: HttpCase['http']): string {
  if (bodyRepeat !== undefined) return bodyRepeat.char.repeat(bodyRepeat.count);
  return body ?? Buffer.from(bodyBase64 ?? '', 'base64').toString();
}

describeShared('reviews over HTTP', file, () => {
  const cases = sharedLines<HttpCase>(file).filter((entry) => entry.expect.status === 200);

  it.each(cases.map((entry) => [entry.id, entry] as const))('%s', (_id, entry) => {
    const { text } = answerReview(bodyOf(entry.http));
    for (const part of entry.expect.bodyContains) expect(text).toContain(part);
    if (entry.expect.messageMatch === 'prefix') return;
    const expected = entry.expect.response;
    const actual = JSON.parse(text) as typeof expected;
    const { status: expectedStatus, ...rest } = expected?.response ?? {};
    expect(actual?.response).toMatchObject(rest);
    expect(actual?.response.status?.message).toBe(expectedStatus?.message);
  });
});
