/** Plain scalars that YAML 1.1 reads as something else than what stands there. */
import { resolvePlain } from '../yaml/scalars.ts';

/** What a plain scalar is read as, where that is not what it looks like: `yes` is true, `1.30` is 1.3, `010` is 8. */
export function surprisingValue(text: string): boolean | number | bigint | undefined {
  const { tag, value } = resolvePlain(text);
  if (tag === 'bool') return /^(?:true|false)$/i.test(text) ? undefined : (value as boolean);
  if (tag !== 'int' && tag !== 'float') return undefined;
  const isPlain = String(value) === text || (tag === 'float' && !Number.isFinite(value as number));
  return isPlain ? undefined : (value as number | bigint);
}
