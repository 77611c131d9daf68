/** Addresses `unix://…`. */
import type { Problem } from '../result.ts';
import { problem } from '../result.ts';

const scheme = 'unix://';

/** Whether the address names a Unix domain socket. */
export function isUnixSocket(address: string): boolean {
  return address.startsWith(scheme);
}

/** Checks the path of a `unix://` address: the absolute path of a file, or an abstract socket `@name`. */
export function checkUnixSocket(address: string): Problem | undefined {
  const path = address.startsWith(scheme) ? address.slice(scheme.length) : address;
  if (path === '') return problem('unix-socket-path', 'unix address must not be empty');
  if (path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))) return undefined;
  return problem('unix-socket-path', `${path} is not an absolute path to a file`);
}
