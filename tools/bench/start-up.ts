import { summarise, type Measurement } from './measurement.ts';
import { cpuMs, rssMb, startServer } from './processes.ts';

const starts = 5;

/** From the start of the process to the listening line, which comes when both ports answer and the server is warm. */
export async function measureStartUp(flags: readonly string[]): Promise<Measurement> {
  const times: number[] = [];
  let cpu = 0;
  let rss = 0;
  for (let index = 0; index < starts; index += 1) {
    const server = await startServer(flags);
    times.push(server.startedAfter);
    cpu += cpuMs(server.pid);
    rss = rssMb(server.pid);
    await server.stop();
  }
  const seconds = times.reduce((sum, time) => sum + time, 0) / 1000;
  return { ...summarise(times), seconds, cpuMs: cpu, rssMb: rss, failures: {}, clientCpu: 0 };
}
