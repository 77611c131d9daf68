/**
 * sprig's regular expressions (`regex.go`). A pattern that does not compile is an error of the `must` forms and a panic, with other words, of
 * the rest; `regexMatch` then just does not match.
 */
import { canBackquote, quote } from '../../../go/quote.ts';
import { compileRegexp, quoteMeta, RegexpError, type Regexp } from '../../../go/regexp.ts';
import { normalizeBytes } from '../../../go/utf8.ts';
import { define, FunctionError, type TemplateFunction } from '../../function.ts';
import { orElse, orFail } from '../failures.ts';
import { checkListLength, checkTextLength } from '../limits.ts';
import { ownList } from '../own-lists.ts';

type Implementation = (regexp: Regexp, s: string, ...rest: never[]) => unknown;

/** Both forms of a function. */
function both(name: string, signature: string, implementation: Implementation): TemplateFunction[] {
  const apply = implementation as (regexp: Regexp, s: string, ...rest: unknown[]) => unknown;
  const must = `mustR${name.slice(1)}`;
  return [
    define(name, signature, (pattern: string, s: string, ...rest: unknown[]) =>
      orFail(() => apply(mustCompile(pattern), s, ...rest)),
    ),
    define(must, signature, (pattern: string, s: string, ...rest: unknown[]) =>
      orFail(() => apply(compileRegexp(pattern), s, ...rest)),
    ),
  ];
}

/** `regexp.MustCompile` */
function mustCompile(pattern: string): Regexp {
  try {
    return compileRegexp(pattern);
  } catch (error) {
    if (!(error instanceof RegexpError)) throw error;
    const quoted = canBackquote(pattern) ? `\`${pattern}\`` : quote(pattern);
    throw new FunctionError(`regexp: Compile(${quoted}): ${error.message}`);
  }
}

function limited(list: string[] | null): string[] | null {
  checkListLength(list?.length ?? 0);
  return ownList(list);
}

function checked(text: string): string {
  checkTextLength(text.length);
  return normalizeBytes(text);
}

const LIST = 'func(string, string, int) []string';
const REPLACE = 'func(string, string, string) string';

export const regexFunctions = [
  define('regexMatch', 'func(string, string) bool', (pattern: string, s: string) =>
    orElse(() => compileRegexp(pattern).test(s), false),
  ),
  define('mustRegexMatch', 'func(string, string) (bool, error)', (pattern: string, s: string) =>
    orFail(() => compileRegexp(pattern).test(s)),
  ),
  ...both('regexFind', 'func(string, string) string', (regexp, s) => regexp.find(s)),
  ...both('regexFindAll', LIST, (regexp, s, limit: bigint) => limited(regexp.findAll(s, Number(limit)))),
  ...both('regexSplit', LIST, (regexp, s, limit: bigint) => limited(regexp.split(s, Number(limit)))),
  ...both('regexReplaceAll', REPLACE, (regexp, s, template: string) => checked(regexp.replaceAll(s, template))),
  ...both('regexReplaceAllLiteral', REPLACE, (regexp, s, text: string) => checked(regexp.replaceAllLiteral(s, text))),
  define('regexQuoteMeta', 'func(string) string', quoteMeta),
];
