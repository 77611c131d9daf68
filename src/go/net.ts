/** Host and port pairs as Go's `net.SplitHostPort` and `net.JoinHostPort` treat them. */

/** `*net.AddrError`; the message is Go's, e.g. `address x: missing port in address`. */
export class AddrError extends Error {
  override readonly name = 'AddrError';
  readonly address: string;
  readonly reason: string;

  constructor(address: string, reason: string) {
    // Go leaves the lead-in out when there is no address to name.
    super(address === '' ? reason : `address ${address}: ${reason}`);
    this.address = address;
    this.reason = reason;
  }
}

export interface HostPort {
  readonly host: string;
  /** As written; not checked to be a number. */
  readonly port: string;
}

/** `net.SplitHostPort`: `host:port`, `[ipv6%zone]:port`. Throws {@link AddrError}. */
export function splitHostPort(address: string): HostPort {
  const fail = (reason: string): AddrError => new AddrError(address, reason);
  const lastColon = address.lastIndexOf(':');
  if (lastColon < 0) throw fail('missing port in address');

  let host = address.slice(0, lastColon);
  let bracketed = '';
  if (address.startsWith('[')) {
    const close = address.indexOf(']');
    if (close < 0) throw fail("missing ']' in address");
    if (close + 1 !== lastColon) {
      throw fail(address.charAt(close + 1) === ':' ? 'too many colons in address' : 'missing port in address');
    }
    host = address.slice(1, close);
    bracketed = address.slice(0, close + 1);
  } else if (host.includes(':')) {
    throw fail('too many colons in address');
  }
  // Inside the brackets another `[` is as wrong as one behind them; a `]` cannot be there.
  if (address.includes('[', bracketed === '' ? 0 : 1)) throw fail("unexpected '[' in address");
  if (address.includes(']', bracketed.length)) throw fail("unexpected ']' in address");
  return { host, port: address.slice(lastColon + 1) };
}

/** `net.JoinHostPort`: brackets around a host that holds a colon. */
export function joinHostPort(host: string, port: string): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
