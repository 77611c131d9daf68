/** Names of Unicode character classes, `\p{Greek}`, as the Go package `regexp/syntax` (Go 1.26, Unicode 15) knows them. */
import { compileRegexp, RegexpError } from '../../go/regexp.ts';

/** Names that Go takes for a category or for a class of its own, in the canonical spelling. */
const aliases: ReadonlySet<string> = new Set(
  (
    'Any Assigned Ascii Lc Casedletter Closepunctuation Combiningmark Connectorpunctuation Control Currencysymbol ' +
    'Dashpunctuation Decimalnumber Enclosingmark Finalpunctuation Format Initialpunctuation Letter Letternumber ' +
    'Lineseparator Lowercaseletter Mark Mathsymbol Modifierletter Modifiersymbol Nonspacingmark Number Openpunctuation ' +
    'Other Otherletter Othernumber Otherpunctuation Othersymbol Paragraphseparator Privateuse Punctuation Separator ' +
    'Spaceseparator Spacingmark Surrogate Symbol Titlecaseletter Unassigned Uppercaseletter Cntrl Digit Punct Cn'
  ).split(' '),
);
/** Scripts of Unicode 16, which the engine here knows and Go does not yet. */
const newerScripts: ReadonlySet<string> = new Set(['Garay', 'Sunuwar', 'Todhri']);

const escapes = /\\(?:[pP](?:\{\^?([^}]*)\}|([^{]))|[^])/g;

/**
 * Writes every class that Go knows as one that the engine here knows too, and every other as one that it does not. The
 * result compiles when the pattern does in Go, but does not match the same texts.
 */
export function withGoClasses(pattern: string): string {
  return pattern.replaceAll(escapes, (escape, braced?: string, letter?: string) => {
    const name = braced ?? letter;
    if (name === undefined) return escape;
    return isClass(canonicalName(name)) ? String.raw`\pL` : String.raw`\p{${name}-unknown}`;
  });
}

/** One capital letter, the rest small, without spaces, underscores and hyphens. */
function canonicalName(name: string): string {
  const letters = name.replaceAll(/[ _-]/g, '');
  return letters.slice(0, 1).replace(/[a-z]/, (letter) => letter.toUpperCase()) + asciiLower(letters.slice(1));
}

function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function isClass(name: string): boolean {
  if (aliases.has(name)) return true;
  if (newerScripts.has(name) || !/^[A-Za-z]+$/.test(name)) return false;
  try {
    compileRegexp(String.raw`\p{${name}}`);
    return true;
  } catch (error) {
    if (error instanceof RegexpError) return false;
    throw error;
  }
}
