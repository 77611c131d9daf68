/** sprig's `expandenv` (Go's `os.ExpandEnv`) over the environment that the context holds. */
import { defineWithContext, type FunctionContext } from '../../function.ts';
import { checkTextLength } from '../limits.ts';
import { lookup } from '../maps.ts';

const NAME = '[A-Za-z_][A-Za-z0-9_]*|[*#$@!?0-9-]';
const REFERENCE = new RegExp(`\\$(?:\\{([^}]*)\\}|(${NAME}))`, 'g');
/** Where no brace closes any more: an opening one is dropped. */
const REFERENCE_UNCLOSED = new RegExp(`\\$(?:(\\{)|(${NAME}))`, 'g');

/** `$name`, `${name}` and one-character specials such as `$1`; unknown names are empty, and so is `${}`. */
function expand({ env }: FunctionContext, text: string): string {
  const closed = text.lastIndexOf('}') + 1;
  const head = text.slice(0, closed).replace(REFERENCE, (_, braced?: string, name?: string) => valueOf(braced ?? name));
  const tail = text.slice(closed).replace(REFERENCE_UNCLOSED, (_, _brace?: string, name?: string) => valueOf(name));
  checkTextLength(head.length + tail.length);
  return head + tail;

  function valueOf(name = ''): string {
    return lookup(env, name) ?? '';
  }
}

export const environmentFunctions = [defineWithContext('expandenv', 'func(string) string', expand)];
