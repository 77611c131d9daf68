import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from './support.ts';

const escape = '\u001b[';

describe('the command line', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    [
      ['--help'],
      /Usage: outrigger .*\n[\s\S]*Commands:[\s\S]*serve[\s\S]*inject[\s\S]*Examples:\n {2}outrigger serve --standalone\n/,
    ],
    [['help', 'serve'], /Usage: outrigger serve[\s\S]*--standalone[\s\S]*--port <port>[\s\S]*15017[\s\S]*Examples:/],
    [['serve', '--help'], /--tls-cert-file <file>[\s\S]*Examples:/],
    [
      ['inject', '-h'],
      /Usage: outrigger inject[\s\S]*--filename[\s\S]*--inject-config[\s\S]*--objects[\s\S]*Examples:/,
    ],
  ])('prints help for %j on stdout, without colours', async (args, text) => {
    const { code, stdout, stderr } = await run(args);
    expect(stdout).toMatch(text);
    expect(stdout).not.toContain(escape);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each([
    [[], /Usage: outrigger/],
    [['nonsense'], /Error: unknown command 'nonsense'/],
    [['--nonsense'], /Error: unknown option '--nonsense'\n\(see --help\)/],
    [['serve', '--nonsense'], /Error: unknown option '--nonsense'\n\(see --help\)/],
    [['serve', '--standalone', 'extra'], /Error: too many arguments for 'serve'/],
    [
      ['serve', '--standalone', '--port', 'x'],
      /Error: option '--port <port>' argument 'x' is invalid\. A port is a number from 0 to 65535\./,
    ],
    [['serve', '--standalone', '--port', '65536'], /65536.* is invalid/],
    [['serve', '--standalone', '--monitoring-port', '-1'], /is invalid/],
    [['serve', '--standalone', '--inject-config'], /argument missing/],
    [['serve', '--inject-config', 'a'], /Error: --inject-config needs --standalone/],
    [['serve', '--certificates', 'files'], /Error: --certificates files needs --tls-cert-file and/],
    [['serve', '--certificate-lifetime', 'x'], /A lifetime is a duration/],
    [
      ['serve', '--standalone', '--tls-cert-file', 'a'],
      /Error: --tls-cert-file and --tls-private-key-file must be given together/,
    ],
    [['inject'], /Error: filename not specified \(see --filename or -f\)/],
  ])('refuses %j as wrong usage', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(escape);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('explains input it refuses in one line, with exit code 1', async () => {
    expect(await run(['inject', '-f', '/nowhere/a.yaml'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: cannot read the resources /nowhere/a.yaml: no such file or directory\n',
    });
  });
});
