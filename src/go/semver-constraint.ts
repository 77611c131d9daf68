/**
 * Version constraints as `github.com/Masterminds/semver/v3` reads and checks them: `>=1.2, <2`, `~1.2.3`, `^1`, `1.x`, `1.2 - 1.4`, `a || b`.
 *
 * A prerelease only satisfies a group of constraints in which at least one names a prerelease.
 */
import { quote } from './quote.ts';
import { compileRegexp } from './regexp.ts';
import { comparePrerelease, parseVersion, SemverError, type Version } from './semver.ts';
import { byteLength } from './utf8.ts';

const MAX_CONSTRAINT_LENGTH = 512;
const MAX_GROUPS = 32;

const VERSION =
  'v?([0-9|x|X|\\*]+)(\\.[0-9|x|X|\\*]+)?(\\.[0-9|x|X|\\*]+)?' +
  '(-([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?(\\+([0-9A-Za-z\\-]+(\\.[0-9A-Za-z\\-]+)*))?';
const OPERATOR = '=||!=|>|<|>=|=>|<=|=<|~|~>|\\^';

/** Matched in linear time: the text is the template author's, and these patterns nest repetitions. */
const SINGLE = `^\\s*(${OPERATOR})\\s*(${VERSION})\\s*$`;
const RANGE = `\\s*(${VERSION})\\s+-\\s+(${VERSION})\\s*`;
const FIND = `(${OPERATOR})\\s*(${VERSION})`;
const GROUP = `^(\\s*(${OPERATOR})\\s*(${VERSION})\\s*)((?:\\s+|,\\s*)(${OPERATOR})\\s*(${VERSION})\\s*)*$`;
/** Number of the second version among the groups of {@link RANGE}. */
const RANGE_UPPER = 11;

/** One comparison, such as `>=1.2.x`. */
interface Constraint {
  readonly version: Version;
  readonly check: Check;
  /** Minor or patch are left open. */
  readonly open: boolean;
  readonly minorOpen: boolean;
  readonly patchOpen: boolean;
}

type Check = (version: Version, constraint: Constraint) => boolean;

/** `semver.NewConstraint(text).Check(version)`. Throws {@link SemverError}. */
export function satisfiesConstraint(text: string, versionText: string): boolean {
  const groups = parseConstraint(text);
  const version = parseVersion(versionText);
  return groups.some((group) => {
    const prereleases = group.some((constraint) => constraint.version.prerelease !== '');
    if (version.prerelease !== '' && !prereleases) return false;
    return group.every((constraint) => constraint.check(version, constraint));
  });
}

function parseConstraint(text: string): Constraint[][] {
  if (byteLength(text) > MAX_CONSTRAINT_LENGTH) {
    throw new SemverError(`constraint string is too long (max ${String(MAX_CONSTRAINT_LENGTH)} bytes)`);
  }
  const groups = rewriteRanges(text).split('||');
  if (groups.length > MAX_GROUPS) throw new SemverError(`too many constraint groups (max ${String(MAX_GROUPS)})`);
  return groups.map((group) => {
    if (!compileRegexp(GROUP).test(group)) throw improper(group);
    return (compileRegexp(FIND).findAll(group, -1) ?? [group]).map(parseSingle);
  });
}

const improper = (text: string): SemverError => new SemverError(`improper constraint: ${quote(text)}`);

/** `1.2 - 1.4` is another way to write `>= 1.2, <= 1.4`. */
function rewriteRanges(text: string): string {
  let out = text;
  for (const groups of compileRegexp(RANGE).findAllSubmatch(text)) {
    out = out.replace(groups[0] ?? '', () => `>= ${groups[1] ?? ''}, <= ${groups[RANGE_UPPER] ?? ''} `);
  }
  return out;
}

function parseSingle(text: string): Constraint {
  const groups = compileRegexp(SINGLE).findSubmatch(text);
  if (groups === undefined) throw improper(text);
  const [, operator = '', whole = '', major = '', minor = '', patch = '', prerelease = ''] = groups;
  const majorOpen = isOpen(major);
  const minorOpen = !majorOpen && isOpen(minor);
  const patchOpen = !majorOpen && !minorOpen && isOpen(patch);
  const completed = majorOpen
    ? `0.0.0${prerelease}`
    : minorOpen
      ? `${major}.0.0${prerelease}`
      : patchOpen
        ? `${major}${minor}.0${prerelease}`
        : whole;
  const open = majorOpen || minorOpen || patchOpen;
  return { version: versionOf(completed), check: CHECKS[operator] ?? tildeOrEqual, open, minorOpen, patchOpen };
}

const isOpen = (part: string): boolean => /^\.?[xX*]?$/.test(part);

function versionOf(text: string): Version {
  try {
    return parseVersion(text);
  } catch {
    throw new SemverError('constraint parser error');
  }
}

const notEqual: Check = (v, c) => {
  if (c.open) {
    if (c.version.major !== v.major) return true;
    if (c.minorOpen) return false;
    if (c.version.minor !== v.minor) return true;
    if (c.patchOpen) return comparePrerelease(v.prerelease, c.version.prerelease) !== 0;
    if (c.version.patch !== v.patch) return true;
  }
  return v.compare(c.version) !== 0;
};

const greater: Check = (v, c) => {
  if (!c.open || v.major !== c.version.major) return c.open ? v.major > c.version.major : v.compare(c.version) > 0;
  if (c.minorOpen) return false;
  return c.patchOpen ? v.minor > c.version.minor : v.compare(c.version) > 0;
};

const less: Check = (v, c) => v.compare(c.version) < 0;

const greaterOrEqual: Check = (v, c) => v.compare(c.version) >= 0;

const lessOrEqual: Check = (v, c) => {
  if (!c.open) return v.compare(c.version) <= 0;
  if (v.major !== c.version.major) return v.major < c.version.major;
  return c.minorOpen || v.minor <= c.version.minor;
};

const tilde: Check = (v, c) => {
  if (v.compare(c.version) < 0) return false;
  const { major, minor, patch } = c.version;
  if (major === 0n && minor === 0n && patch === 0n && !c.minorOpen && !c.patchOpen) return true;
  return v.major === major && (v.minor === minor || c.minorOpen);
};

const tildeOrEqual: Check = (v, c) => (c.open ? tilde(v, c) : v.compare(c.version) === 0);

const caret: Check = (v, c) => {
  if (v.compare(c.version) < 0) return false;
  if (c.version.major > 0n || c.minorOpen) return v.major === c.version.major;
  if (v.major > 0n) return false;
  if (c.version.minor > 0n || c.patchOpen) return v.minor === c.version.minor;
  return v.minor === 0n && v.patch === c.version.patch;
};

const CHECKS: Readonly<Record<string, Check>> = {
  '': tildeOrEqual,
  '=': tildeOrEqual,
  '!=': notEqual,
  '>': greater,
  '<': less,
  '>=': greaterOrEqual,
  '=>': greaterOrEqual,
  '<=': lessOrEqual,
  '=<': lessOrEqual,
  '~': tilde,
  '~>': tilde,
  '^': caret,
};
