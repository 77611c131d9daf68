/** IP addresses and prefixes as Go's `net/netip` reads them, with its error texts. */
import { quote } from './quote.ts';

/** What is known of an address that was read. */
export interface Addr {
  readonly version: 4 | 6;
  /** Scope of an IPv6 address after `%`; empty when there is none. */
  readonly zone: string;
}

/** A text that is no address or prefix; `message` is Go's. */
export class NetipError extends Error {
  override readonly name = 'NetipError';
}

/** Whether `netip.ParseAddr` accepts the text. */
export function isAddr(text: string): boolean {
  return readAddr(text) instanceof Failure === false;
}

/** `netip.ParseAddr`. Throws {@link NetipError}. */
export function parseAddr(text: string): Addr {
  const addr = readAddr(text);
  if (addr instanceof Failure) throw new NetipError(addr.render(text));
  return addr;
}

/** Why `netip.ParsePrefix` refuses the text, as Go says it; undefined when it accepts. Host bits may be set. */
export function explainPrefix(text: string): string | undefined {
  const reason = findPrefixFault(text);
  return reason === undefined ? undefined : `netip.ParsePrefix(${quote(text)}): ${reason}`;
}

function findPrefixFault(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return "no '/'";
  const addr = readAddr(text.slice(0, slash));
  if (addr instanceof Failure) return addr.render(text.slice(0, slash));
  if (addr.zone !== '') return 'IPv6 zones cannot be present in a prefix';
  const bits = text.slice(slash + 1);
  if (!/^(?:0|[1-9][0-9]{0,18})$/.test(bits)) return `bad bits after slash: ${quote(bits)}`;
  return Number(bits) <= (addr.version === 4 ? 32 : 128) ? undefined : 'prefix length out of range';
}

/** Why a text is no address, and from where on. Not an exception: most texts tried are host names. */
class Failure {
  private readonly reason: string;
  private readonly rest: string;

  constructor(reason: string, rest = '') {
    this.reason = reason;
    this.rest = rest;
  }

  render(text: string): string {
    const place = this.rest === '' ? '' : ` (at ${quote(this.rest)})`;
    return `ParseAddr(${quote(text)}): ${this.reason}${place}`;
  }
}

function readAddr(text: string): Addr | Failure {
  switch (/[.:%]/.exec(text)?.[0]) {
    case '.':
      return findIPv4Fault(text) ?? { version: 4, zone: '' };
    case ':':
      return readIPv6(text);
    case '%':
      return new Failure('missing IPv6 address');
    default:
      return new Failure('unable to parse IP');
  }
}

const ipv4 = /^(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\.(?!$)|$)){4}$/;

function findIPv4Fault(text: string): Failure | undefined {
  return ipv4.test(text) ? undefined : explainIPv4(text);
}

/** Reports what comes first: Go reads byte by byte, and an octet's dot checks the octet before it. */
function explainIPv4(text: string): Failure {
  const octets = text.split('.');
  let start = 0;
  for (const [index, octet] of octets.entries()) {
    const fault = explainOctet(octet, text, start);
    if (fault !== undefined) return fault;
    const dot = start + octet.length;
    if (dot < text.length) {
      if (octet === '' || dot === text.length - 1) {
        return new Failure('IPv4 field must have at least one digit', text.slice(dot));
      }
      if (index === 3) return new Failure('IPv4 address too long');
    }
    start = dot + 1;
  }
  return new Failure('IPv4 address too short');
}

function explainOctet(octet: string, text: string, start: number): Failure | undefined {
  const digits = /^[0-9]*/.exec(octet)?.[0] ?? '';
  if (digits.length > 1 && digits.startsWith('0')) return new Failure('IPv4 field has octet with leading zero');
  if (Number(digits) > 255) return new Failure('IPv4 field has value >255');
  return digits.length < octet.length
    ? new Failure('unexpected character', text.slice(start + digits.length))
    : undefined;
}

/** Sixteen-bit groups of an IPv6 address. */
const groupCount = 8;

function readIPv6(text: string): Addr | Failure {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? '' : text.slice(percent + 1);
  if (percent >= 0 && zone === '') return new Failure('zone must be a non-empty string');
  const fault = findIPv6Fault(percent < 0 ? text : text.slice(0, percent));
  return fault ?? { version: 6, zone };
}

function findIPv6Fault(text: string): Failure | undefined {
  let rest = text;
  let groups = 0;
  let hasEllipsis = rest.startsWith('::');
  if (hasEllipsis) rest = rest.slice(2);
  while (rest !== '' && groups < groupCount) {
    const hex = /^[0-9a-fA-F]*/.exec(rest)?.[0] ?? '';
    if (hex.length > 4) return new Failure('each group must have 4 or less digits', rest);
    if (hex === '') return new Failure('each colon-separated field must have at least one digit', rest);
    if (rest.charAt(hex.length) === '.') {
      const fault = findEmbeddedIPv4Fault(rest, groups, hasEllipsis);
      if (fault !== undefined) return fault;
      groups += 2;
      rest = '';
      break;
    }
    groups++;
    rest = rest.slice(hex.length);
    if (rest === '') break;
    if (!rest.startsWith(':')) return new Failure('unexpected character, want colon', rest);
    if (rest.length === 1) return new Failure('colon must be followed by more characters', rest);
    rest = rest.slice(1);
    if (rest.startsWith(':')) {
      if (hasEllipsis) return new Failure('multiple :: in address', rest);
      hasEllipsis = true;
      rest = rest.slice(1);
    }
  }
  if (rest !== '') return new Failure('trailing garbage after address', rest);
  if (groups < groupCount) return hasEllipsis ? undefined : new Failure('address string too short');
  return hasEllipsis ? new Failure('the :: must expand to at least one field of zeros') : undefined;
}

function findEmbeddedIPv4Fault(rest: string, groups: number, hasEllipsis: boolean): Failure | undefined {
  if (!hasEllipsis && groups !== groupCount - 2) {
    return new Failure('embedded IPv4 address must replace the final 2 fields of the address', rest);
  }
  if (groups > groupCount - 2) {
    return new Failure('too many hex fields to fit an embedded IPv4 at the end of the address', rest);
  }
  return findIPv4Fault(rest);
}
