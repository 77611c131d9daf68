/** Regular expressions in RE2 syntax, which Envoy takes; compiled as Go's `regexp` does. */
import { quote } from '../../go/quote.ts';
import { compileRegexp, RegexpError } from '../../go/regexp.ts';
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';
import { isLongerThan } from './domains.ts';
import { withGoClasses } from './regex-classes.ts';

const maxRegexBytes = 1024;
const advice = 'Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)';

/** Checks a regular expression for its length and its syntax; `where` names it in the texts. */
export function checkRegex(pattern: string, where: string): Problem | undefined {
  if (isLongerThan(pattern, maxRegexBytes)) {
    const message = `${quote(where)}: regex is too large, max length allowed is ${maxRegexBytes}`;
    return problem('regex-too-large', message);
  }
  const error = regexError(pattern);
  return error === undefined ? undefined : problem('regex-syntax', `${quote(where)}: ${error}; ${advice}`);
}

/** Go's text for a pattern that does not compile, `error parsing regexp: …`; undefined for one that does. */
export function regexError(pattern: string): string | undefined {
  const error = compileError(pattern);
  if (!unicodeClass.test(pattern) && error?.includes('duplicate capture group name') !== true) return error;
  // Here the engine's verdict may differ from Go's: Go lets group names repeat and knows other names of classes.
  const verdict = compileError(withGoClasses(pattern).replaceAll(namedGroup, '('));
  return verdict === undefined ? undefined : (error ?? verdict);
}

const unicodeClass = /\\[pP]/;
const namedGroup = /\(\?P?<[0-9A-Za-z_]+>/g;

function compileError(pattern: string): string | undefined {
  try {
    compileRegexp(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RegexpError) return error.message;
    throw error;
  }
}
