/** Go's path functions; the `os` forms are the same where paths have slashes. */
import { basePath, cleanPath, dirPath, extension } from '../../../go/path.ts';
import { define } from '../../function.ts';

const TEXT = 'func(string) string';
const TEST = 'func(string) bool';
const isAbsolute = (path: string): boolean => path.startsWith('/');

export const pathFunctions = [
  define('base', TEXT, basePath),
  define('dir', TEXT, dirPath),
  define('clean', TEXT, cleanPath),
  define('ext', TEXT, extension),
  define('isAbs', TEST, isAbsolute),
  define('osBase', TEXT, basePath),
  define('osDir', TEXT, dirPath),
  define('osClean', TEXT, cleanPath),
  define('osExt', TEXT, extension),
  define('osIsAbs', TEST, isAbsolute),
];
