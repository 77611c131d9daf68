/**
 * Writes what is generated below `manifests/`: the built-in configuration in the chart (from `templates/`), and the kustomize base
 * (the chart with its default values, rendered by Helm, which is built from its Go module).
 *
 * `node tools/manifests.ts` writes, `--check` compares only and names what differs; `--built-in` leaves the base alone (needs no Go).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtInConfig, builtInMesh, builtInValues } from '../src/server/built-in-configuration.ts';
import { buildHelm } from '../test/e2e/support/build.ts';

const root = dirname(import.meta.dirname);

/** Namespace of the base: that of Istio, whose ConfigMaps are read. */
const namespace = 'istio-system';

/** Labels that only Helm's own objects carry. */
const helmLabels = /^ *(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n/gm;

/** Path below the repository → text. */
type Generated = ReadonlyMap<string, string>;

function builtIn(): Generated {
  const texts = { config: builtInConfig(), values: builtInValues(), mesh: builtInMesh() };
  return new Map(
    Object.entries(texts).map(([key, { text }]) => [`manifests/chart/built-in/${key}`, withoutTrailingSpace(text)]),
  );
}

/** A text that YAML keeps as a literal block. */
function withoutTrailingSpace(text: string): string {
  return `${text.trimEnd()}\n`;
}

async function kustomizeBase(): Promise<Generated> {
  const chart = join(root, 'manifests/chart');
  const rendered = execFileSync(await buildHelm(), ['template', 'outrigger', chart, '--namespace', namespace], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  const files = new Map<string, string>();
  for (const part of rendered.split(/^---\n/m)) {
    const [, file = ''] = /^# Source: outrigger\/templates\/(.+)\n/.exec(part) ?? [];
    // The ConfigMap comes from the same files by a generator.
    if (file === '' || file === 'config-map.yaml') continue;
    const text = part.replace(/^# Source: .*\n/, '').replace(helmLabels, '');
    const path = `manifests/kustomize/base/${file}`;
    files.set(path, `${files.has(path) ? `${files.get(path) ?? ''}---\n` : header}${text.trimEnd()}\n`);
  }
  return files;
}

const header = '# Generated from the chart by tools/manifests.ts; change the chart and write it again.\n';

const { values: flags } = parseArgs({ options: { check: { type: 'boolean' }, 'built-in': { type: 'boolean' } } });
const stale: string[] = [];
async function write(generated: Generated | Promise<Generated>): Promise<void> {
  for (const [path, text] of await generated) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    stale.push(path);
    if (flags.check === true) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

await write(builtIn());
if (flags['built-in'] !== true) await write(kustomizeBase());
for (const path of stale) process.stderr.write(`${flags.check === true ? 'out of date' : 'written'}: ${path}\n`);
process.exitCode = flags.check === true && stale.length > 0 ? 1 : 0;
