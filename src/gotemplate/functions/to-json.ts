/** What `encoding/json` writes for a template value, as a tree: structs in field order, messages by their own `MarshalJSON`. */
import { JsonFields, type JsonTree } from '../../go/json-encode.ts';
import { encodeBase64 } from '../../go/base-encoding.ts';
import { Version } from '../../go/semver.ts';
import { Time } from '../../go/time.ts';
import { formatTime } from '../../go/time-layout.ts';
import { encodeTyped, typeDefinition } from '../../kubernetes/index.ts';
import { isWellKnown, messageTypeOf, writeMessage, type MessageType } from '../../protobuf/index.ts';
import { UINT8, type GoType } from '../types.ts';
import { Typed, valueOf, type GoValue } from '../values.ts';
import { MAX_NODES } from './limits.ts';

/** A value that JSON cannot express; the message is Go's. */
export class JsonError extends Error {
  override name = 'JsonError';
}

/** Throws {@link JsonError}. */
export function toJsonTree(value: GoValue): JsonTree {
  try {
    return new TreeBuilder().build(value);
  } catch (error) {
    // Only a value that holds itself is too deep for the stack.
    if (!(error instanceof RangeError)) throw error;
    throw new JsonError('json: unsupported value: encountered a cycle via map[string]interface {}');
  }
}

class TreeBuilder {
  #nodes = 0;

  build(value: GoValue): JsonTree {
    if (++this.#nodes > MAX_NODES) throw new JsonError(`json: more than ${String(MAX_NODES)} values`);
    if (typeof value !== 'object' || value === null) return value ?? null;
    if (Array.isArray(value)) return value.map((item) => this.build(item));
    if (value instanceof Typed) return this.#typed(value.type, value.data);
    return this.#map(Object.entries(value));
  }

  #map(entries: readonly (readonly [string, GoValue])[]): JsonTree {
    const tree = Object.create(null) as Record<string, JsonTree>;
    for (const [key, value] of entries) tree[key] = this.build(value);
    return tree;
  }

  #typed(type: GoType, data: unknown): JsonTree {
    if (data === null && type.kind !== 'struct') return null;
    switch (type.kind) {
      case 'ptr':
        return this.build(valueOf(type.elem, data, true));
      case 'slice':
      case 'array':
        return this.#list(type, data as readonly unknown[]);
      case 'map':
        return this.#map(
          Object.entries(data as object).map(([key, raw]): [string, GoValue] => [key, valueOf(type.elem, raw)]),
        );
      case 'struct':
        return this.#struct(type, data);
      case 'complex128':
      case 'func':
        throw new JsonError(`json: unsupported type: ${type.name}`);
      default:
        return data as bigint | number | string | boolean;
    }
  }

  #list(type: GoType, items: readonly unknown[]): JsonTree {
    if (type === UINT8.slice) return encodeBase64(Uint8Array.from(items, Number));
    return items.map((item) => this.build(valueOf(type.elem, item)));
  }

  #struct(type: GoType, data: unknown): JsonTree {
    if (data instanceof Time) return formatTime(data, '2006-01-02T15:04:05.999999999Z07:00');
    if (data instanceof Version) return data.toString();
    const kubernetes = typeDefinition(type.name);
    // Types that write themselves, such as times, have a zero value of their own.
    if (kubernetes !== undefined) return ordered(encodeTyped(type.name, data ?? (kubernetes.fields ? {} : null)));
    const message = data === null ? undefined : messageTypeOf(data as object);
    if (message === undefined) return this.#fields(type, data);
    if (!isWellKnown(message)) return ordered(JSON.parse(writeMessage(data as object)));
    return wellKnown(message.fields, data as Readonly<Record<string, unknown>>);
  }

  /** A struct without tags: its exported fields by their Go names. */
  #fields(type: GoType, data: unknown): JsonTree {
    const fields = [...type.fields.values()].filter((field) => field.unexported !== true);
    return new JsonFields(
      fields.map((field) => [
        field.name,
        this.build(valueOf(field.type, data === null ? undefined : field.get(data as object))),
      ]),
    );
  }
}

/** Well-known messages are plain structs to encoding/json: proto names, zero values left out. */
function wellKnown(fields: MessageType['fields'], message: Readonly<Record<string, unknown>>): JsonTree {
  const set = fields.filter(({ jsonName }) => Boolean(message[jsonName]));
  return new JsonFields(set.map(({ name, jsonName }) => [name, ordered(message[jsonName])]));
}

/** Plain data whose objects have their keys in order. */
function ordered(plain: unknown): JsonTree {
  if (Array.isArray(plain)) return plain.map(ordered);
  if (typeof plain !== 'object' || plain === null) return plain as JsonTree;
  return new JsonFields(Object.entries(plain).map(([key, value]) => [key, ordered(value)]));
}
