/** Semantic versions as `github.com/Masterminds/semver/v3` reads, compares and increments them. */
import { parseUint } from './strconv.ts';
import { byteLength } from './utf8.ts';

/** Longest version text that is read, in bytes. */
const MAX_VERSION_LENGTH = 256;
const MAX_UINT64 = (1n << 64n) - 1n;

/** A text that is no version, or a step that is not possible. */
export class SemverError extends Error {
  override name = 'SemverError';
}

const VERSION =
  /^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** `semver.Version`. */
export class Version {
  readonly major: bigint;
  readonly minor: bigint;
  readonly patch: bigint;
  readonly prerelease: string;
  readonly metadata: string;
  /** The text it was read from, with its leading `v` if it had one. */
  readonly original: string;

  constructor(numbers: readonly [bigint, bigint, bigint], prerelease: string, metadata: string, original: string) {
    [this.major, this.minor, this.patch] = numbers;
    this.prerelease = prerelease;
    this.metadata = metadata;
    this.original = original;
  }

  toString(): string {
    const pre = this.prerelease === '' ? '' : `-${this.prerelease}`;
    const meta = this.metadata === '' ? '' : `+${this.metadata}`;
    return `${String(this.major)}.${String(this.minor)}.${String(this.patch)}${pre}${meta}`;
  }

  /** `Compare`: -1, 0 or 1; metadata does not count. */
  compare(other: Version): number {
    for (const part of ['major', 'minor', 'patch'] as const) {
      if (this[part] !== other[part]) return this[part] < other[part] ? -1 : 1;
    }
    if (this.prerelease === other.prerelease) return 0;
    if (this.prerelease === '') return 1;
    return other.prerelease === '' ? -1 : comparePrerelease(this.prerelease, other.prerelease);
  }

  /** `IncPatch`: a prerelease becomes its release. */
  incPatch(): Version {
    const patch = this.prerelease === '' ? increment(this.patch, 'patch') : this.patch;
    return this.#derive([this.major, this.minor, patch], '', '');
  }

  /** `IncMinor` */
  incMinor(): Version {
    return this.#derive([this.major, increment(this.minor, 'minor'), 0n], '', '');
  }

  /** `IncMajor` */
  incMajor(): Version {
    return this.#derive([increment(this.major, 'major'), 0n, 0n], '', '');
  }

  /** `SetPrerelease` */
  withPrerelease(prerelease: string): Version {
    if (prerelease !== '') validatePrerelease(prerelease);
    return this.#derive([this.major, this.minor, this.patch], prerelease, this.metadata);
  }

  /** `SetMetadata` */
  withMetadata(metadata: string): Version {
    if (metadata !== '') validateMetadata(metadata);
    return this.#derive([this.major, this.minor, this.patch], this.prerelease, metadata);
  }

  #derive(numbers: readonly [bigint, bigint, bigint], prerelease: string, metadata: string): Version {
    const plain = new Version(numbers, prerelease, metadata, '').toString();
    return new Version(numbers, prerelease, metadata, this.original.startsWith('v') ? `v${plain}` : plain);
  }
}

function increment(value: bigint, part: string): bigint {
  if (value === MAX_UINT64) throw new SemverError(`${part} version increment would overflow uint64`);
  return value + 1n;
}

/** `semver.NewVersion`, which completes `1.2` and tolerates leading zeros. Throws {@link SemverError}. */
export function parseVersion(text: string): Version {
  if (byteLength(text) > MAX_VERSION_LENGTH) {
    throw new SemverError(`version string is too long (max ${String(MAX_VERSION_LENGTH)} bytes)`);
  }
  const match = VERSION.exec(text);
  if (match === null) throw new SemverError('invalid semantic version');
  const [, major = '', minor = '', patch = '', prerelease = '', metadata = ''] = match;
  if (prerelease !== '') validatePrereleaseAfter([major, minor, patch], prerelease);
  return new Version([segment(major), segment(minor), segment(patch)], prerelease, metadata, text);
}

/** The numbers are read first, so that their errors win. */
function validatePrereleaseAfter(numbers: readonly string[], prerelease: string): void {
  numbers.forEach(segment);
  validatePrerelease(prerelease);
}

function segment(text: string): bigint {
  if (text === '') return 0n;
  const { value, error } = parseUint(text.replace(/^\./, ''), 10, 64);
  if (error !== undefined) throw new SemverError(`error parsing version segment: ${error.message}`);
  return value;
}

function validatePrerelease(text: string): void {
  for (const part of text.split('.')) {
    if (/^0[0-9]+$/.test(part)) throw new SemverError('version segment starts with 0');
    if (!/^[0-9A-Za-z-]+$/.test(part)) throw new SemverError('invalid prerelease string');
  }
}

function validateMetadata(text: string): void {
  if (!text.split('.').every((part) => /^[0-9A-Za-z-]+$/.test(part))) throw new SemverError('invalid metadata string');
}

/** Order of two prereleases: part by part, numbers below words. */
export function comparePrerelease(a: string, b: string): number {
  const left = a.split('.');
  const right = b.split('.');
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = comparePart(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '') return -1;
  if (b === '') return 1;
  const x = parseUint(a, 10, 64);
  const y = parseUint(b, 10, 64);
  if (x.error !== undefined && y.error !== undefined) return a > b ? 1 : -1;
  if (y.error !== undefined) return -1;
  if (x.error !== undefined) return 1;
  return x.value > y.value ? 1 : -1;
}
