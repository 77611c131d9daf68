import { Command, Option } from 'commander';
import { UsageError } from '../exit.ts';
import { parseLifetime } from '../cluster-flags.ts';
import { addInstallationFlags } from '../examination/installation-flags.ts';
import { collect, examples } from '../flags.ts';
import { defaultLifetimes } from '../../cluster/certificates/lifetimes.ts';
import type { CreateFlags } from '../certificates/create.ts';
import type { InspectFlags } from '../certificates/inspect.ts';
import type { Terminal } from '../../server/terminal.ts';

/** `outrigger certs`: certificates for people. */
export function certsCommand(terminal: Terminal): Command {
  const command = new Command('certs').description('Make serving certificates, or look at them.');
  return command.addCommand(createCommand(terminal)).addCommand(inspectCommand(terminal));
}

function createCommand(terminal: Terminal): Command {
  return addPlaceFlags(new Command('create'))
    .description('Make a CA and a serving certificate signed by it, as a Secret or as files.')
    .option('--dns-name <name>', 'another name the certificate is to be good for; may be repeated', collect)
    .option('--ca-lifetime <duration>', 'how long the CA lasts (default: 87600h)', parseLifetime)
    .option('--certificate-lifetime <duration>', 'how long the certificate lasts (default: 2160h)', parseLifetime)
    .option('-d, --directory <folder>', 'write ca.crt, ca.key, tls.crt and tls.key there (default: a Secret to stdout)')
    .option('--force', 'replace files that exist', false)
    .addHelpText(
      'after',
      examples(
        'outrigger certs create | kubectl apply -f -',
        'outrigger certs create --directory certs/ --dns-name injector.example.com',
      ),
    )
    .action(async (flags: CreateFlags) => {
      const { caLifetime = defaultLifetimes.ca, certificateLifetime = defaultLifetimes.certificate } = flags;
      if (caLifetime < certificateLifetime)
        throw new UsageError('--ca-lifetime must not be shorter than --certificate-lifetime');
      const { createCertificates } = await import('../certificates/create.ts');
      await createCertificates({ ...flags, caLifetime, certificateLifetime }, terminal);
    });
}

function inspectCommand(terminal: Terminal): Command {
  return addInstallationFlags(new Command('inspect'))
    .description('Show certificates, and say whether the API server would accept them.')
    .argument('[file]', 'certificate with its chain, PEM, or - for stdin (default: the Secret in the cluster)')
    .option('--key <file>', 'its private key, PEM')
    .option('--ca <file>', 'the CA that the API server is to trust, PEM')
    .option('--secret <name>', 'Secret with tls.crt, tls.key and ca.crt (default: outrigger-certificates[-REV])')
    .addHelpText(
      'after',
      examples(
        'outrigger certs inspect',
        'outrigger certs inspect tls.crt --key tls.key --ca ca.crt',
        'outrigger certs inspect --secret outrigger-certificates --namespace istio-system --output json',
      ),
    )
    .action(async (file: string | undefined, flags: InspectFlags) => {
      if (file === undefined && (flags.key ?? flags.ca) !== undefined) {
        throw new UsageError('--key and --ca need a certificate file');
      }
      if (file !== undefined && flags.secret !== undefined) throw new UsageError('give a file or --secret, not both');
      const { inspectCertificates } = await import('../certificates/inspect.ts');
      await inspectCertificates(file, flags, terminal);
    });
}

/** The flags that say by which name the API server calls. */
function addPlaceFlags(command: Command): Command {
  return command
    .addOption(
      new Option('-n, --namespace <ns>', 'namespace of the Service').default('istio-system').env('POD_NAMESPACE'),
    )
    .addOption(new Option('--revision <rev>', 'revision served').default('default').env('REVISION'))
    .option('--service-name <name>', 'name of the Service (default: outrigger[-REV])');
}
