/** The API server's audit log: what was asked of it, by whom, and what webhooks made of it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the tests read of an event (k8s.io/apiserver audit.k8s.io/v1 Event). */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  /** RFC 3339, in microseconds */
  readonly requestReceivedTimestamp: string;
  /** absent where no resource was asked for, as in discovery */
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly name?: string;
    readonly namespace?: string;
  };
  readonly annotations?: Readonly<Record<string, string>>;
}

export class AuditLog {
  /** For {@link startControlPlane}. An event stands in the log before its request is answered. */
  readonly flags: readonly string[];
  readonly #file: string;

  /**
   * @param folder where policy and log are kept
   * @param rules of the policy, the first that matches decides; what none matches is not logged
   */
  constructor(folder: string, rules: readonly object[]) {
    const policy = join(folder, 'audit-policy.json');
    this.#file = join(folder, 'audit.log');
    const head = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', omitStages: ['RequestReceived'] };
    writeFileSync(policy, JSON.stringify({ ...head, rules: [...rules, { level: 'None' }] }));
    this.flags = [
      `--audit-policy-file=${policy}`,
      `--audit-log-path=${this.#file}`,
      // Events that are written in batches come late, and a batch may be read half.
      '--audit-log-mode=blocking',
    ];
  }

  /** The events of requests received since a moment, in the order of their answers. */
  events(since = new Date(0)): AuditEvent[] {
    return this.lines()
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ requestReceivedTimestamp }) => new Date(requestReceivedTimestamp) >= since);
  }

  /** The complete lines: the last one may be in the making. */
  lines(): string[] {
    if (!existsSync(this.#file)) return [];
    return readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
  }
}
