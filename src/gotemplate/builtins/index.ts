/**
 * The functions every Go template has. `and`, `or` and `call` are part of the language (the first two do not evaluate all of their
 * arguments); their entries only carry the signature.
 */
import { truth } from '../execute/truth.ts';
import { sprint, sprintf, sprintln } from '../format/print.ts';
import { define, type FunctionTable } from '../function.ts';
import type { GoValue } from '../values.ts';
import { eq, ge, gt, le, lt, ne } from './compare.ts';
import { html, js, urlquery } from './escape.ts';
import { index, len, slice } from './items.ts';

const LOGIC = 'func(reflect.Value, ...reflect.Value) reflect.Value';
const RELATION = 'func(reflect.Value, reflect.Value) (bool, error)';
const TEXT = 'func(...interface {}) string';
const neverCalled = (): never => {
  throw new Error('evaluated by the compiler');
};

export const builtinFunctions: FunctionTable = new Map(
  [
    define('and', LOGIC, neverCalled),
    define('or', LOGIC, neverCalled),
    define('call', LOGIC, neverCalled),
    define('not', 'func(reflect.Value) bool', (value: GoValue) => !truth(value)),
    define('eq', 'func(reflect.Value, ...reflect.Value) (bool, error)', eq),
    define('ne', RELATION, ne),
    define('lt', RELATION, lt),
    define('le', RELATION, le),
    define('gt', RELATION, gt),
    define('ge', RELATION, ge),
    define('index', 'func(reflect.Value, ...reflect.Value) (reflect.Value, error)', index),
    define('slice', 'func(reflect.Value, ...reflect.Value) (reflect.Value, error)', slice),
    define('len', 'func(reflect.Value) (int, error)', len),
    define('print', TEXT, (...args: GoValue[]) => sprint(args)),
    define('println', TEXT, (...args: GoValue[]) => sprintln(args)),
    define('printf', 'func(string, ...interface {}) string', (format: string, ...args: GoValue[]) =>
      sprintf(format, args),
    ),
    define('html', TEXT, html),
    define('js', TEXT, js),
    define('urlquery', TEXT, urlquery),
  ].map((fn) => [fn.name, fn]),
);
