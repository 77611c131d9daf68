/** How functions fail: Go errors and panics both end the template with `error calling NAME: TEXT`. */
import { CorruptInputError } from '../../go/base-encoding.ts';
import { DecimalError } from '../../go/decimal.ts';
import { DurationError } from '../../go/duration.ts';
import { RegexpError } from '../../go/regexp.ts';
import { SemverError } from '../../go/semver.ts';
import { TimeParseError } from '../../go/time-parse.ts';
import { UrlError } from '../../go/url.ts';
import { FunctionError } from '../function.ts';
import { typeName, type GoValue } from '../values.ts';

const GO_ERRORS = [CorruptInputError, DecimalError, DurationError, RegexpError, SemverError, TimeParseError, UrlError];

/** Whether an error is one that the Go code would have returned. */
export function isGoError(error: unknown): error is Error {
  return GO_ERRORS.some((type) => error instanceof type);
}

/** Runs code that may fail as Go does; its error becomes the function's, with words in front if given. */
export function orFail<T>(run: () => T, prefix = ''): T {
  try {
    return run();
  } catch (error) {
    throw isGoError(error) ? new FunctionError(prefix + error.message) : error;
  }
}

/** Runs code whose Go error the function ignores. */
export function orElse<T>(run: () => T, fallback: T): T {
  try {
    return run();
  } catch (error) {
    if (isGoError(error)) return fallback;
    throw error;
  }
}

/** The panic of using a nil pointer or calling a method of a nil interface. */
export function nilDereference(): FunctionError {
  return new FunctionError('runtime error: invalid memory address or nil pointer dereference');
}

/** The panic of a failed type assertion `value.(wanted)`. */
export function badAssertion(value: GoValue, wanted: string): FunctionError {
  const found = value == null ? 'nil' : typeName(value);
  return new FunctionError(`interface conversion: interface {} is ${found}, not ${wanted}`);
}
