/** Where WebAssembly modules are fetched from. */
import { parseRequestUri, parseUrl, UrlError } from '../../go/url.ts';
import type { Url } from '../../go/url.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';

const schemes: ReadonlySet<string> = new Set(['', 'file', 'http', 'https', 'oci']);

/**
 * Checks the URL of a module. A text that is no URL is tried again with `http://` before it, so that an image reference
 * passes; one with a port does not, because `host:port` reads as a scheme.
 */
export function checkWasmUrl(text: string): Problem | undefined {
  if (text === '') return problem('wasm-url-empty', 'url field needs to be set');
  let accepted = text;
  let url = attempt(() => parseRequestUri(text));
  if (url instanceof UrlError) {
    accepted = `http://${text}`;
    const retried = attempt(() => parseRequestUri(accepted));
    if (retried instanceof UrlError) return problem('wasm-url', `failed to parse url: ${url.message}`);
    url = retried;
  }
  const strict = attempt(() => parseUrl(accepted));
  if (strict instanceof UrlError) return problem('wasm-url', `failed to strict parse url: ${strict.message}`);
  if (schemes.has(url.scheme)) return undefined;
  return problem('wasm-url-scheme', `url contains unsupported scheme: ${url.scheme}`);
}

function attempt(parse: () => Url): Url | UrlError {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UrlError) return error;
    throw error;
  }
}
