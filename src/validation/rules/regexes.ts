/** Regular expressions in RE2 syntax, which Envoy takes; checked as Go's `regexp` compiles them. */
import { quote } from '../../go/quote.ts';
import { findRegexpError } from '../../go/regexp-syntax.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';
import { isLongerThan } from './domains.ts';

/** Go's text for a pattern that does not compile, `error parsing regexp: …`; undefined for one that does. */
export { findRegexpError as regexError } from '../../go/regexp-syntax.ts';

const maxRegexBytes = 1024;
const advice = 'Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)';

/** Checks a regular expression for its length and its syntax; `where` names it in the texts. */
export function checkRegex(pattern: string, where: string): Problem | undefined {
  if (isLongerThan(pattern, maxRegexBytes)) {
    const message = `${quote(where)}: regex is too large, max length allowed is ${maxRegexBytes}`;
    return problem('regex-too-large', message);
  }
  const error = findRegexpError(pattern);
  return error === undefined ? undefined : problem('regex-syntax', `${quote(where)}: ${error}; ${advice}`);
}
