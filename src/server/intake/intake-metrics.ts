import { Counter, Gauge, type Registry } from 'prom-client';

/** Metrics of what is let in, and what is not. */
export function createIntakeMetrics(
  registry: Registry,
  now: { readonly waiting: () => number; readonly bytes: () => number; readonly connections: () => number },
) {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge('outrigger_requests_waiting', 'Complete requests that wait for their answer.', now.waiting);
  gauge('outrigger_request_body_bytes', 'Bytes of request bodies in memory.', now.bytes);
  gauge('outrigger_connections', 'Open connections of the HTTPS port.', now.connections);
  return {
    refused: new Counter({
      name: 'outrigger_requests_refused_total',
      help: 'Requests to webhooks that got no review, by reason; overload and deadline mean that there were too many.',
      labelNames: ['reason'],
      registers,
    }),
    closed: new Counter({
      name: 'outrigger_connections_closed_total',
      help: 'Connections that were closed to make room: idle ones, new ones while none was idle, and handshakes.',
      labelNames: ['reason'],
      registers,
    }),
  };
}
