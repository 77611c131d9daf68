import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runValidate } from './support/run-validate.ts';

const good = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: g }
spec: { servers: [{ hosts: [a.com], port: { number: 80, name: http, protocol: HTTP } }] }
`;
const bad = good.replace('80', '99999');

describe('outrigger validate', () => {
  let folder = '';
  const path = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'outrigger-validate-'));
    mkdirSync(path('deep/er'), { recursive: true });
    writeFileSync(path('deep/good.yaml'), good);
    writeFileSync(path('deep/er/bad.yml'), bad);
    writeFileSync(path('deep/notes.txt'), 'garbage: [');
    writeFileSync(path('latin1.yaml'), Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('reads folders and what is below them', async () => {
    expect(await runValidate(['-f', path('deep')])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: 1 error occurred:\n\t* Gateway//g: port number 99999 must be in the range 1..65535\n\n\n',
    });
  });

  it('reads stdin', async () => {
    expect(await runValidate(['-f', '-'], good)).toEqual({ code: 0, stdout: '', stderr: 'validation succeed\n' });
  });

  it('takes lists of files, and more files as arguments', async () => {
    const file = path('deep/good.yaml');
    const run = await runValidate(['-f', `${file},${file}`, file]);
    expect(run).toEqual({ code: 0, stdout: '', stderr: `"${file}" is valid\n` });
  });

  it('goes on after files that cannot be read', async () => {
    const { code, stderr } = await runValidate(['-f', 'nowhere', '-f', path('latin1.yaml'), '-f', path('deep/er')]);
    expect(code).toBe(1);
    expect(stderr).toContain('3 errors occurred:');
    expect(stderr).toContain('cannot stat file "nowhere": stat nowhere: no such file or directory');
    expect(stderr).toContain('yaml: invalid leading UTF-8 octet');
  });

  it.each([
    [[], 'you must specify resources by --filename'],
    [['--nope'], 'Error: unknown flag: --nope'],
    [['--nope=1'], 'Error: unknown flag: --nope\n'],
    [['-z'], "Error: unknown shorthand flag: 'z' in -z"],
    [['-f', 'x', '-o', 'xml'], 'Allowed choices are text, json, sarif'],
  ])('says what is wrong with the flags %j', async (args, message) => {
    const { code, stderr } = await runValidate(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('writes records and SARIF to stdout', async () => {
    const json = await runValidate(['-f', path('deep'), '-o', 'json']);
    expect(JSON.parse(json.stdout)).toMatchObject([{ line: 4, column: 53, field: 'spec.servers[0].port.number' }]);
    expect(json).toMatchObject({ code: 1, stderr: 'Error: 1 error and 0 warnings in 2 files\n' });
    const sarif = await runValidate(['-f', path('deep'), '-o', 'sarif']);
    expect(JSON.parse(sarif.stdout)).toMatchObject({ version: '2.1.0' });
  });

  it('writes an empty list when there is nothing to say', async () => {
    expect(await runValidate(['-f', path('deep/good.yaml'), '-o', 'json'])).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: '',
    });
  });

  it('shows excerpts on a terminal, and elsewhere on request', async () => {
    const excerpt = `${path('deep/er/bad.yml')}:4:53 error [port-range]`;
    const marked = / {51}\^{5}\n/;
    const { stderr } = await runValidate(['-f', path('deep'), '--excerpts']);
    expect(stderr).toContain(excerpt);
    expect(stderr).toMatch(marked);
    const onTerminal = await runValidate(['-f', path('deep/good.yaml')], '', true);
    expect(onTerminal).toEqual({ code: 0, stdout: '', stderr: '0 errors and 0 warnings in 1 file\n' });
  });
});
