/** Where keys are fetched from. */
import { parseUrl, UrlError } from '../../go/url.ts';
import { quote } from '../../go/quote.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';

/** Checks that a text is an HTTP or HTTPS URL, as far as Go's `url.Parse` looks at it: the host may be missing. */
export function checkJwksUri(uri: string): Problem | undefined {
  let scheme: string;
  try {
    scheme = parseUrl(uri).scheme;
  } catch (error) {
    if (error instanceof UrlError) return problem('jwks-uri', error.message);
    throw error;
  }
  if (scheme === 'http' || scheme === 'https') return undefined;
  return problem('jwks-uri', `URI scheme ${quote(scheme)} is not supported`);
}
