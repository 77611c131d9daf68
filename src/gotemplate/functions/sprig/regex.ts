/** sprig's regular expressions (`regex.go`). The `must` forms fail in the same way as the others, except `regexMatch`, which never does. */
import { compileRegexp, quoteMeta } from '../../../go/regexp.ts';
import { normalizeBytes } from '../../../go/utf8.ts';
import { define } from '../../function.ts';
import { orElse, orFail } from '../failures.ts';
import { checkListLength, checkTextLength } from '../limits.ts';

const matches = (pattern: string, s: string): boolean => compileRegexp(pattern).test(s);

const find = (pattern: string, s: string): string => orFail(() => compileRegexp(pattern).find(s));

function findAll(pattern: string, s: string, limit: bigint): string[] | null {
  return limited(orFail(() => compileRegexp(pattern).findAll(s, Number(limit))));
}

function split(pattern: string, s: string, limit: bigint): string[] | null {
  return limited(orFail(() => compileRegexp(pattern).split(s, Number(limit))));
}

function limited(list: string[] | null): string[] | null {
  checkListLength(list?.length ?? 0);
  return list;
}

function replaceAll(pattern: string, s: string, template: string): string {
  return checked(orFail(() => compileRegexp(pattern).replaceAll(s, template)));
}

function replaceAllLiteral(pattern: string, s: string, replacement: string): string {
  return checked(orFail(() => compileRegexp(pattern).replaceAllLiteral(s, replacement)));
}

function checked(text: string): string {
  checkTextLength(text.length);
  return normalizeBytes(text);
}

const LIST = 'func(string, string, int) []string';
const REPLACE = 'func(string, string, string) string';

export const regexFunctions = [
  define('regexMatch', 'func(string, string) bool', (pattern: string, s: string) =>
    orElse(() => matches(pattern, s), false),
  ),
  define('mustRegexMatch', 'func(string, string) (bool, error)', (pattern: string, s: string) =>
    orFail(() => matches(pattern, s)),
  ),
  define('regexFindAll', LIST, findAll),
  define('mustRegexFindAll', LIST, findAll),
  define('regexFind', 'func(string, string) string', find),
  define('mustRegexFind', 'func(string, string) string', find),
  define('regexReplaceAll', REPLACE, replaceAll),
  define('mustRegexReplaceAll', REPLACE, replaceAll),
  define('regexReplaceAllLiteral', REPLACE, replaceAllLiteral),
  define('mustRegexReplaceAllLiteral', REPLACE, replaceAllLiteral),
  define('regexSplit', LIST, split),
  define('mustRegexSplit', LIST, split),
  define('regexQuoteMeta', 'func(string) string', quoteMeta),
];
