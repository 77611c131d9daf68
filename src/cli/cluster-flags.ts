import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseDuration } from '../go/duration.ts';
import { defaultLifetimes } from '../cluster/certificates/lifetimes.ts';
import type { CertificateMode } from '../cluster/certificates/start.ts';
import type { GuardMode } from '../server/guard/config-webhook.ts';
import type { ClusterServerOptions } from '../server/start-cluster.ts';
import { UsageError } from './exit.ts';

/** The flags of `serve` that matter in a cluster only. */
export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly namespace: string;
  readonly serviceName?: string;
  readonly certificates?: CertificateMode['kind'];
  readonly certificatesSecret?: string;
  /** Milliseconds. */
  readonly caLifetime: number;
  /** Milliseconds. */
  readonly certificateLifetime: number;
  readonly manageFailurePolicy: boolean;
  readonly lastGoodFile?: string;
  readonly guard: GuardMode;
  readonly tlsCertFile?: string;
  readonly tlsPrivateKeyFile?: string;
  readonly caCertFile?: string;
  readonly revision: string;
  readonly clusterId: string;
}

/** Adds {@link ClusterFlags} to a command. */
export function addClusterFlags(command: Command): Command {
  return command
    .optionsGroup('In a cluster (without --standalone):')
    .option(
      '--kubeconfig <file>',
      'how to reach the API server (default: KUBECONFIG, or the service account of the pod)',
    )
    .addOption(
      new Option('--namespace <ns>', 'where the ConfigMaps and our own objects are')
        .default('istio-system')
        .env('POD_NAMESPACE'),
    )
    .option('--service-name <name>', 'name of our Service, and of our own ConfigMap (default: outrigger[-REV])')
    .addOption(
      new Option(
        '--certificates <source>',
        'made by us and kept in a Secret, read from a Secret, or from the files given (default: self-signed, or files when they are given)',
      ).choices(['self-signed', 'secret', 'files']),
    )
    .option(
      '--ca-cert-file <file>',
      'CA that the API server is to trust, PEM (default: the CA at the end of --tls-cert-file)',
    )
    .option('--certificates-secret <name>', 'name of that Secret (default: outrigger-certificates[-REV])')
    .addOption(
      new Option('--ca-lifetime <duration>', 'how long a CA of our own lasts')
        .argParser(parseLifetime)
        .default(defaultLifetimes.ca, '87600h'),
    )
    .addOption(
      new Option('--certificate-lifetime <duration>', 'how long a serving certificate of our own lasts')
        .argParser(parseLifetime)
        .default(defaultLifetimes.certificate, '2160h'),
    )
    .option(
      '--manage-failure-policy',
      'set failurePolicy to Fail once the webhook is seen to work, as Istio does',
      false,
    )
    .addOption(
      new Option(
        '--guard <mode>',
        'what POST /config does to ConfigMaps that would break injection (see docs/guard.md)',
      )
        .choices(['deny', 'warn', 'off'])
        .default('deny'),
    )
    .option(
      '--last-good-file <path>',
      'keeps the last good state, and in PATH.certificate the serving certificate with its key, for a start while the API server is away',
    );
}

/** The options of a server in a cluster. Throws a {@link UsageError} for flags that contradict each other. */
export function clusterOptionsOf<Flags extends ClusterFlags>(
  flags: Flags,
): Flags & Pick<ClusterServerOptions, 'serviceName' | 'certificates'> {
  const suffix = flags.revision === '' || flags.revision === 'default' ? '' : `-${flags.revision}`;
  return {
    ...flags,
    serviceName: flags.serviceName ?? `outrigger${suffix}`,
    certificates: certificateModeOf(flags, flags.certificatesSecret ?? `outrigger-certificates${suffix}`),
  };
}

function certificateModeOf(flags: ClusterFlags, secret: string): CertificateMode {
  const { tlsCertFile: cert, tlsPrivateKeyFile: key } = flags;
  const haveFiles = cert !== undefined && key !== undefined;
  const kind = flags.certificates ?? (haveFiles ? 'files' : 'self-signed');
  if (kind === 'files') {
    if (!haveFiles) {
      throw new UsageError('--certificates files needs --tls-cert-file and --tls-private-key-file');
    }
    return { kind, files: { cert, key, ...(flags.caCertFile === undefined ? {} : { ca: flags.caCertFile }) } };
  }
  if (haveFiles) throw new UsageError(`--tls-cert-file cannot be used with --certificates ${kind}`);
  if (kind === 'secret') return { kind, secret };
  // A CA is known for the life of one certificate before it signs, and must then outlive another.
  if (flags.caLifetime < 2 * flags.certificateLifetime) {
    throw new UsageError('--ca-lifetime must be at least twice --certificate-lifetime');
  }
  return { kind, secret, lifetimes: { ca: flags.caLifetime, certificate: flags.certificateLifetime } };
}

/** A Go duration, as milliseconds. */
export function parseLifetime(text: string): number {
  let milliseconds: number;
  try {
    milliseconds = Number(parseDuration(text) / 1_000_000n);
  } catch {
    throw new InvalidArgumentError('A lifetime is a duration such as 2160h or 90m.');
  }
  // A certificate is renewed after two thirds, and an API server needs a second to follow.
  if (milliseconds < 5_000) throw new InvalidArgumentError('A lifetime is at least five seconds.');
  return milliseconds;
}
