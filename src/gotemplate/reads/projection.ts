/**
 * The part of the data that a template can read, as text: data with equal texts renders equally. What stands at a place is written so that
 * the texts of different things differ, each with its length before it or its end marked; scalars always are written in full.
 */
import type { GoType } from '../types.ts';
import { anyKey, pointedTo, type Place } from './place.ts';

/** Writes what stands at a place. */
export type Project = (raw: unknown) => string;

/** How to write the data below a place. Raw data is JSON, read by the type of the place where it has one. */
export function projectionOf(place: Place): Project {
  if (place.isWhole) return whole;
  const { type } = place;
  const target = type === undefined ? undefined : pointedTo(type);
  const any = place.children.get(anyKey);
  const elements = any === undefined ? undefined : projectionOf(any);
  const object = target?.kind === 'struct' ? structProjection(place, target) : mapProjection(place, elements);
  return (raw) => {
    if (typeof raw !== 'object' || raw === null) return scalar(raw);
    return Array.isArray(raw) ? list(raw, elements) : object(raw as Readonly<Record<string, unknown>>);
  };
}

function whole(raw: unknown): string {
  return typeof raw === 'object' && raw !== null ? JSON.stringify(raw) : scalar(raw);
}

function scalar(raw: unknown): string {
  switch (typeof raw) {
    case 'string':
      return `${String(raw.length)}"${raw}`;
    case 'undefined':
      return '-';
    case 'bigint':
      return `i${String(raw)};`;
    default:
      return Object.is(raw, -0) ? '-0;' : `${String(raw)};`;
  }
}

function list(items: readonly unknown[], element: Project | undefined): string {
  let text = `[${String(items.length)}`;
  if (element !== undefined) for (const item of items) text += element(item);
  return text + ']';
}

type ProjectObject = (raw: Readonly<Record<string, unknown>>) => string;

/** The fields in the order of the places. */
function structProjection(place: Place, struct: GoType): ProjectObject {
  const fields = [...place.children.values()].flatMap((child) => {
    const field = typeof child.key === 'string' ? struct.fields.get(child.key) : undefined;
    return field === undefined ? [] : [{ get: field.get, project: projectionOf(child) }];
  });
  return (raw) => {
    let text = '(';
    for (const { get, project } of fields) text += project(get(raw));
    return text + ')';
  };
}

/** The entries that are read, in their order; where there are none of them, whether there are any others. */
function mapProjection(place: Place, any: Project | undefined): ProjectObject {
  const entries = new Map<string, Project>();
  for (const [key, child] of place.children) if (typeof key === 'string') entries.set(key, projectionOf(child));
  return (raw) => {
    let text = '{';
    let others = '';
    for (const key of Object.keys(raw)) {
      const project = entries.get(key);
      if (project === undefined && any === undefined) {
        others = '…';
        continue;
      }
      text += scalar(key);
      if (project !== undefined) text += project(raw[key]);
      if (any !== undefined) text += any(raw[key]);
    }
    return text === '{' ? `{${others}}` : `${text}}`;
  };
}
