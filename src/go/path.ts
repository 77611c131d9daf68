/** Slash-separated paths as Go's `path` (and `path/filepath` on Unix) treats them. */

/** `path.Clean`: the shortest equivalent path; the empty path becomes `.`. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push('..');
  }
  const joined = (rooted ? '/' : '') + kept.join('/');
  return joined === '' ? '.' : joined;
}

/** `path.Base`: the last element, without trailing slashes. */
export function basePath(path: string): string {
  if (path === '') return '.';
  const end = lengthWithoutSlashes(path);
  if (end === 0) return '/';
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function lengthWithoutSlashes(path: string): number {
  let end = path.length;
  while (end > 0 && path.charAt(end - 1) === '/') end--;
  return end;
}

/** `path.Dir`: all but the last element, cleaned. */
export function dirPath(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf('/') + 1));
}

/** `path.Ext`: from the last dot of the last element on. */
export function extension(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot < 0 || path.indexOf('/', dot) >= 0 ? '' : path.slice(dot);
}
