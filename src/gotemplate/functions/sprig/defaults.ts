/** sprig's functions about empty values, types and control (`defaults.go`, `reflect.go`, `fail`). */
import { define, FunctionError } from '../../function.ts';
import { truth } from '../../execute/truth.ts';
import { typeName, typeOf, type GoValue } from '../../values.ts';
import { deepEqual } from '../deep-equal.ts';

/** The zero value of its type, nil, or without elements; a struct never is. */
const empty = (value: GoValue): boolean => !truth(value);

/** The kind `reflect` has for a value; nil has none. */
const kindOf = (value: GoValue): string => typeOf(value)?.kind ?? 'invalid';

function typeIsLike(target: string, value: GoValue): boolean {
  const name = typeName(value);
  return target === name || `*${target}` === name;
}

function fail(message: string): never {
  throw new FunctionError(message);
}

const OF_TYPE = 'func(string, interface {}) bool';

export const defaultFunctions = [
  define('default', 'func(interface {}, ...interface {}) interface {}', (fallback: GoValue, ...given: GoValue[]) =>
    given.length === 0 || empty(given[0]) ? fallback : given[0],
  ),
  define('empty', 'func(interface {}) bool', empty),
  define('coalesce', 'func(...interface {}) interface {}', (...values: GoValue[]) => values.find(truth) ?? null),
  define('all', 'func(...interface {}) bool', (...values: GoValue[]) => values.every(truth)),
  define('any', 'func(...interface {}) bool', (...values: GoValue[]) => values.some(truth)),
  define(
    'ternary',
    'func(interface {}, interface {}, bool) interface {}',
    (yes: GoValue, no: GoValue, which: boolean) => (which ? yes : no),
  ),
  define('typeOf', 'func(interface {}) string', typeName),
  define('typeIs', OF_TYPE, (target: string, value: GoValue) => target === typeName(value)),
  define('typeIsLike', OF_TYPE, typeIsLike),
  define('kindOf', 'func(interface {}) string', kindOf),
  define('kindIs', OF_TYPE, (target: string, value: GoValue) => target === kindOf(value)),
  define('deepEqual', 'func(interface {}, interface {}) bool', deepEqual),
  define('fail', 'func(string) (string, error)', fail),
];
