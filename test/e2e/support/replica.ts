import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { repositoryRoot } from '../../support/shared.ts';
import type { ControlPlane } from './control-plane.ts';

/** One line of a replica's log. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly manager?: string;
}

/** A process of `outrigger serve` in cluster mode. */
export class Replica {
  readonly log: LogLine[] = [];
  https = '';
  monitoring = '';
  readonly #child: ChildProcess;

  constructor(controlPlane: ControlPlane, flags: readonly string[], variables: Readonly<Record<string, string>>) {
    const node = join(repositoryRoot, 'node_modules/.bin/node');
    const serve = [join(repositoryRoot, 'src/cli/main.ts'), 'serve', '--kubeconfig', controlPlane.kubeconfig];
    const ports = ['--address', '127.0.0.1', '--port', '0', '--monitoring-port', '0'];
    this.#child = spawn(node, [...serve, ...ports, ...flags], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...variables },
    });
    let rest = '';
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines)
        this.log.push(line.startsWith('{') ? (JSON.parse(line) as LogLine) : { level: 'text', msg: line });
    });
  }

  get port(): number {
    return Number(new URL(this.https).port);
  }

  /** Waits until both ports answer. */
  async listening(): Promise<void> {
    let text = '';
    for await (const part of this.#child.stdout ?? []) {
      text += String(part);
      if (!text.includes('\n')) continue;
      Object.assign(this, JSON.parse(text.slice(0, text.indexOf('\n'))));
      this.#child.stdout?.resume();
      return;
    }
    throw new Error(`the replica ended:\n${this.text()}`);
  }

  /** The value of a metric, its labels written as in the text format; 0 while it has none. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.monitoring}/metrics`)).text();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    return line === undefined ? 0 : Number(line.slice(name.length + 1));
  }

  /** Whether this replica holds the lease. */
  async leads(): Promise<boolean> {
    const text = await (await fetch(`${this.monitoring}/readyz?verbose`)).text();
    return text.includes('leader this replica');
  }

  /** The messages of the log, for errors. */
  text(): string {
    return this.log.map(({ level, msg }) => `${level} ${msg}`).join('\n');
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }
}

/** Starts replicas at once, as a Deployment does, and waits for them. */
export async function startReplicas(
  controlPlane: ControlPlane,
  count: number,
  flags: readonly string[] = [],
  variables: Readonly<Record<string, string>> = {},
): Promise<Replica[]> {
  const replicas = Array.from({ length: count }, () => new Replica(controlPlane, flags, variables));
  try {
    await Promise.all(replicas.map((replica) => replica.listening()));
  } catch (error) {
    await Promise.all(replicas.map((replica) => replica.stop('SIGKILL')));
    throw error;
  }
  return replicas;
}

/** Stands in for kube-proxy: spreads connections to one port over the replicas. */
export class Balancer {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  ports: readonly number[] = [];
  #turn = 0;

  constructor() {
    this.#server = createServer((client) => {
      const target = connect(this.ports[this.#turn++ % this.ports.length] ?? 0, '127.0.0.1');
      for (const socket of [client, target]) {
        this.#sockets.add(socket);
        socket.on('close', () => this.#sockets.delete(socket));
      }
      // What one end wrote before it closed still reaches the other.
      client.on('error', () => target.destroy()).on('close', () => target.destroySoon());
      target.on('error', () => client.destroy()).on('close', () => client.destroySoon());
      client.pipe(target).pipe(client);
    });
  }

  /** The port to connect to. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
