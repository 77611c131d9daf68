import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addClusterFlags, clusterOptionsOf, type ClusterFlags } from '../../src/cli/cluster-flags.ts';

function optionsOf(...args: string[]) {
  const command = addClusterFlags(new Command('serve'))
    .option('--tls-cert-file <file>')
    .option('--tls-private-key-file <file>')
    .option('--revision <rev>', '', 'default')
    .option('--cluster-id <id>', '', 'Kubernetes');
  return clusterOptionsOf(command.parse(args, { from: 'user' }).opts<ClusterFlags>());
}

const files = ['--tls-cert-file', 'c', '--tls-private-key-file', 'k'];
const day = 24 * 60 * 60 * 1000;

describe('the flags of a server in a cluster', () => {
  it.each([
    ['default', 'outrigger', 'outrigger-certificates'],
    ['', 'outrigger', 'outrigger-certificates'],
    ['canary', 'outrigger-canary', 'outrigger-certificates-canary'],
  ])('name the objects of revision %j', (revision, serviceName, secret) => {
    expect(optionsOf('--revision', revision)).toMatchObject({
      serviceName,
      namespace: 'istio-system',
      certificates: { kind: 'self-signed', secret, lifetimes: { ca: 3650 * day, certificate: 90 * day } },
      manageFailurePolicy: false,
    });
  });

  it('take names and lifetimes as given', () => {
    const named = ['--service-name', 's', '--namespace', 'n', '--certificates-secret', 'x', '--last-good-file', 'f'];
    const lifetimes = ['--ca-lifetime', '1h30m', '--certificate-lifetime', '90s'];
    expect(optionsOf(...named, ...lifetimes, '--manage-failure-policy')).toMatchObject({
      serviceName: 's',
      namespace: 'n',
      lastGoodFile: 'f',
      certificates: { kind: 'self-signed', secret: 'x', lifetimes: { ca: 5_400_000, certificate: 90_000 } },
      manageFailurePolicy: true,
    });
  });

  it('take certificates from a Secret, or from files', () => {
    expect(optionsOf('--certificates', 'secret').certificates).toEqual({
      kind: 'secret',
      secret: 'outrigger-certificates',
    });
    expect(optionsOf(...files).certificates).toMatchObject({ kind: 'files', files: { cert: 'c', key: 'k' } });
    expect(optionsOf('--certificates', 'files', ...files).certificates).toMatchObject({ kind: 'files' });
  });

  it.each([
    [['--certificates', 'files'], /needs --tls-cert-file/],
    [['--certificates', 'secret', ...files], /--tls-cert-file cannot be used with --certificates secret/],
    [['--certificates', 'self-signed', ...files], /cannot be used with --certificates self-signed/],
  ])('contradict each other: %j', (args, message) => {
    expect(() => optionsOf(...args)).toThrow(message);
  });

  it.each(['', 'x', '10', '999ms', '-1h'])('refuse the lifetime %j', (lifetime) => {
    const command = addClusterFlags(new Command('serve'))
      .exitOverride()
      .configureOutput({ writeErr: () => undefined });
    expect(() => command.parse(['--ca-lifetime', lifetime], { from: 'user' })).toThrow(/A lifetime is/);
  });
});
