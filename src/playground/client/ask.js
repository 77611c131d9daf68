/** Talking to the server. */
/* global fetch, performance */

/**
 * @typedef {import('../preview-types.ts').Preview} Preview
 * @typedef {import('../preview-types.ts').PreviewRequest} PreviewRequest
 * @typedef {import('../preview-types.ts').PlaygroundStart} PlaygroundStart
 */

/** @returns {Promise<PlaygroundStart>} */
export async function fetchStart() {
  return /** @type {Promise<PlaygroundStart>} */ (answerOf(await fetch('/playground/start')));
}

/**
 * A function that asks for the preview of what is edited now. While one question is under way, later ones wait and
 * become one, so that the answer is never older than the question after next. Once nothing waits, the sources are asked for.
 * @param {() => Omit<PreviewRequest, 'withSources'>} read
 * @param {object} on
 * @param {(preview: Preview, milliseconds: number) => void} on.preview milliseconds since the change
 * @param {(preview: Preview) => void} on.sources the same preview with its sources
 * @param {(message: string) => void} on.error
 */
export function createAsking(read, on) {
  let isUnderWay = false;
  let changedAt = /** @type {number | undefined} */ (undefined);

  async function askUntilQuiet() {
    isUnderWay = true;
    while (changedAt !== undefined) {
      const since = changedAt;
      changedAt = undefined;
      try {
        const texts = read();
        on.preview(await fetchPreview({ ...texts, withSources: false }), performance.now() - since);
        if (changedAt !== undefined) continue;
        const preview = await fetchPreview({ ...texts, withSources: true });
        if (changedAt === undefined) on.sources(preview);
      } catch (error) {
        on.error(error instanceof TypeError ? 'The server does not answer. Is it still running?' : String(error));
      }
    }
    isUnderWay = false;
  }

  return () => {
    changedAt ??= performance.now();
    if (!isUnderWay) void askUntilQuiet();
  };
}

/** @param {PreviewRequest} request */
async function fetchPreview(request) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch('/playground/preview', { method: 'POST', headers, body: JSON.stringify(request) });
  return /** @type {Promise<Preview>} */ (answerOf(response));
}

/** @param {Response} response @returns {Promise<unknown>} */
async function answerOf(response) {
  if (response.ok) return response.json();
  const { error } = /** @type {{ error?: string }} */ (await response.json().catch(() => ({})));
  throw new Error(error ?? `the server answered ${response.status}`);
}
