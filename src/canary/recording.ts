/** Renders once more to see what each template wrote, also where the injection fails then. */
import { WrittenRanges } from '../explanation/provenance/written-ranges.ts';
import { overlayPositions } from '../explanation/provenance/overlay-positions.ts';
import { elementNames, parsePath, pathText } from '../explanation/provenance/field-path.ts';
import { compileRecordedTemplate, type CompiledTemplate, type RecordedOutput } from '../gotemplate/index.ts';
import { injectPod, OverlayCache, type InjectionParameters } from '../injection/index.ts';
import type { Pod } from '../kubernetes/index.ts';
import { isRecord } from '../yaml/index.ts';
import type { TemplatePlace } from './finding.ts';

/** A template that was rendered with a record of what wrote what. */
export interface Recording {
  readonly name: string;
  readonly source: string;
  readonly output: RecordedOutput;
}

const recorders = new WeakMap<CompiledTemplate, ReturnType<typeof compileRecordedTemplate>>();

function recorderOf(template: CompiledTemplate): ReturnType<typeof compileRecordedTemplate> {
  let recorder = recorders.get(template);
  if (recorder === undefined) {
    recorders.set(template, (recorder = compileRecordedTemplate(template.text, { name: template.name })));
  }
  return recorder;
}

/** What the templates of an injection wrote, in order; the last one is that at which it ended. Never throws. */
export function recordTemplates(parameters: InjectionParameters): Recording[] {
  const recordings: Recording[] = [];
  try {
    injectPod({
      ...parameters,
      cache: new OverlayCache(),
      observer: {
        render: (name, template, data, context) => {
          const output = recorderOf(template)(data, context);
          recordings.push({ name, source: template.text, output });
          return output.text;
        },
        stepped: () => undefined,
      },
    });
  } catch {
    // The failure is known to whoever asks.
  }
  return recordings;
}

/** Where the text comes from that stands at a line and column of an output, both counted from 1. */
export function placeOfOutput({ name, source, output }: Recording, line: number, column: number): TemplatePlace {
  const lines = output.text.split('\n');
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const offset = start + Math.max(column - 1, (lines[line - 1] ?? '').search(/\S|$/));
  const writers = output.written.filter((item) => item.start <= offset && item.end > offset);
  const writer = writers.at(-1) ?? output.written.findLast((item) => item.start <= offset && item.end > item.start);
  if (writer === undefined) return { template: name, line: 1, column: 0 };
  const pos = writer.pos + (writer.kind === 'text' ? Math.min(offset, writer.end) - writer.start : 0);
  const before = source.slice(0, pos).split('\n');
  return { template: name, line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Where a field of an injected pod comes from: the field itself, or the nearest one around it that a template wrote. */
export function placeOfField(recordings: readonly Recording[], pod: Pod, path: string): TemplatePlace | undefined {
  const steps = namedSteps(pod, path);
  if (steps === undefined) return undefined;
  const written = recordings.map((recording) => ({ recording, positions: overlayPositions(recording.output.text) }));
  for (let length = steps.length; length > 1; length--) {
    const text = pathText(steps.slice(0, length));
    for (const { recording, positions } of written.toReversed()) {
      const position = positions.get(text);
      if (position === undefined) continue;
      const [place] = new WrittenRanges({ ...recording }).writersOf(position).places;
      if (place !== undefined) return { template: recording.name, line: place.line, column: place.column };
    }
  }
  return undefined;
}

/** The steps of an API server's path, with the elements of lists named as templates name them. */
function namedSteps(pod: Pod, path: string): readonly string[] | undefined {
  const steps = parsePath(path);
  if (steps === undefined) return undefined;
  let value: unknown = pod;
  return steps.map((step, index) => {
    const list = value;
    value = Array.isArray(list) ? (list[Number(step)] as unknown) : isRecord(list) ? list[step] : undefined;
    if (!Array.isArray(list)) return step;
    const key = mergeKeys[steps[index - 1] ?? ''];
    const names = (list as readonly unknown[]).map((item) => {
      const name = key !== undefined && isRecord(item) ? item[key] : undefined;
      return name == null ? undefined : String(name as string | number);
    });
    return key === undefined ? step : (elementNames(names)[Number(step)] ?? step);
  });
}

/** Fields that name the elements of the lists where API server errors occur. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};

/** Where a value comes from that does not fit its field, by the words of Go's decoder, which name its kind and fields and no elements. */
export function placeOfMisfit({ name, source, output }: Recording, message: string): TemplatePlace | undefined {
  const [, kind = '', fields] = /cannot unmarshal (\w+) .*?Go struct field \w+\.(\S+) of type /.exec(message) ?? [];
  if (fields === undefined) return undefined;
  // Embedded structs are named, too.
  const wanted = fields.replaceAll(/\b[A-Z]\w*\./g, '');
  const written = [...overlayPositions(output.text)].map(([path, position]) => ({
    path: path.replaceAll(/\[[^\]]*\]/g, ''),
    position,
  }));
  const ofKind = written.filter(({ position }) => kindsInGo[typeof position.scalar] === kind);
  const there = ({ path }: { readonly path: string }): boolean => path === wanted;
  // Of maps only the map is named.
  const inside = ({ path }: { readonly path: string }): boolean => path.startsWith(`${wanted}.`);
  for (const { position } of [...ofKind.filter(there), ...ofKind.filter(inside), ...written.filter(there)]) {
    const [place] = new WrittenRanges({ name, source, output }).writersOf(position).places;
    if (place !== undefined) return { template: name, line: place.line, column: place.column };
  }
  return undefined;
}

/** How encoding/json calls scalars. */
const kindsInGo: Readonly<Record<string, string>> = {
  boolean: 'bool',
  number: 'number',
  bigint: 'number',
  string: 'string',
};
