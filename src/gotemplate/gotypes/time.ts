/** `time.Time.String` of a Kubernetes timestamp, in UTC; nothing is the zero time. */
export function timeText(raw: unknown): string {
  if (typeof raw !== 'string') return '0001-01-01 00:00:00 +0000 UTC';
  const time = new Date(raw);
  if (Number.isNaN(time.getTime())) return '0001-01-01 00:00:00 +0000 UTC';
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`;
}
