/** The playground on its own: one port of plain HTTP, and nothing else. */
import { fastify } from 'fastify';
import { injectorFor } from '../injection/index.ts';
import { compileTexts, readConfigurationTexts, type ConfigurationOptions } from './configuration-files.ts';
import { listen, type Listener } from './listen.ts';
import { addPlayground, playgroundPath } from './playground.ts';
import { templateContext } from './template-context.ts';
import type { Terminal } from './terminal.ts';

/** The flags of `playground`. */
export interface PlaygroundOptions extends ConfigurationOptions {
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/**
 * Starts it and waits until it answers.
 * @throws {StartupError} one sentence on what is wrong with a file or an address
 */
export async function startPlayground(options: PlaygroundOptions, variables: Terminal['variables']): Promise<Listener> {
  const texts = readConfigurationTexts(options);
  const injector = injectorFor(compileTexts(texts, options, variables), templateContext(variables));
  // Pods hold secrets: no log.
  const app = fastify({ logger: false });
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    done();
  });
  app.get('/', (_request, reply) => reply.redirect(playgroundPath));
  addPlayground(app, { injector: () => injector, texts: () => texts });
  const purpose = { scheme: 'http', what: 'the playground', flag: '--port' } as const;
  const listener = await listen(app, options.address, options.port, purpose);
  return { ...listener, url: listener.url + playgroundPath };
}

/** Runs it until SIGINT or SIGTERM; the address goes to stdout, as JSON where nobody reads it. */
export async function runPlayground(options: PlaygroundOptions, { stdout, variables }: Terminal): Promise<void> {
  const { url, drain } = await startPlayground(options, variables);
  const line = JSON.stringify({ event: 'listening', playground: url });
  stdout.write(stdout.isTTY === true ? `Open ${url}\nCtrl+C ends it.\n` : `${line}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await drain(0);
}
