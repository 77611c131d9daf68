/** Conditions on a text: exact, prefix or regular expression. */
import { quote } from '../../go/quote.ts';
import type { StringMatch } from '../../protobuf/istio-types.ts';
import type { FieldPath } from '../path.ts';
import { problem } from '../result.ts';
import type { Result } from '../result.ts';
import { checkRegex } from './regexes.ts';

/** Checks a string match; an absent or empty one is fine. `where` names it in the texts. */
export function checkStringMatch(result: Result, path: FieldPath, match: StringMatch | undefined, where: string): void {
  if (match?.prefix === '') {
    const message = `${quote(where)}: prefix string match should not be empty`;
    result.error(path.at('prefix'), problem('string-match-empty', message));
  }
  checkRegexMatch(result, path, match, where);
}

/** Checks only the regular expression of a string match: an empty prefix is fine. */
export function checkRegexMatch(result: Result, path: FieldPath, match: StringMatch | undefined, where: string): void {
  if (match?.regex === undefined) return;
  if (match.regex === '') {
    const message = `${quote(where)}: regex string match should not be empty`;
    result.error(path.at('regex'), problem('string-match-empty', message));
    return;
  }
  result.error(path.at('regex'), checkRegex(match.regex, where));
}
