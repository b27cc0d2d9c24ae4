/** Whether a health check means something. */
import type { Path, Report } from './report.ts'
import { type HealthCheckValue, healthPort, parseStatusRange, type ServiceValue } from './service.ts'
import { parseIntervalMs } from './time.ts'

/** Fields that only some types ask for. */
const owners: Readonly<Partial<Record<keyof HealthCheckValue, readonly HealthCheckValue['type'][]>>> = {
  path: ['http', 'https'],
  expectStatus: ['http', 'https'],
  host: ['http', 'https', 'grpc'],
  service: ['grpc'],
  tls: ['https', 'grpc'],
}

export function checkHealthCheck(service: ServiceValue, value: HealthCheckValue, path: Path, report: Report): void {
  const { type } = value
  const malformed = (field: string, detail: string, hint: string) => report.problem([...path, field], 'malformed', detail, hint)

  for (const [field, types] of Object.entries(owners))
    if (value[field as keyof HealthCheckValue] !== undefined && !types.includes(type))
      malformed(field, `a check of type ${type} does not ask for ${field}`, `leave it out, or write type ${types.join(' or ')}`)
  if (value.path !== undefined && !/^\/[\x21-\x7e]*$/.test(value.path))
    malformed('path', `${value.path} is no path of a URL`, 'begin it with / and write other characters than ASCII as %XX')
  if (value.host !== undefined && !/^[\x21-\x7e]{1,255}$/.test(value.host))
    malformed('host', `${value.host} is no value of the header host`, 'write a name, such as web.example')
  if (value.expectStatus !== undefined && parseStatusRange(value.expectStatus) === undefined)
    malformed('expectStatus', `${value.expectStatus} is no range of HTTP status codes`, 'write 200 or 200-399')
  const [interval = 2000, timeout = 1000] = [value.interval, value.timeout].map(text =>
    text === undefined ? undefined : parseIntervalMs(text),
  )
  if (interval < 100 || interval > 3_600_000) malformed('interval', `${value.interval} is not between 100ms and 1h`, 'write 2s')
  if (timeout > interval)
    malformed(
      'timeout',
      `a check may take ${timeout} ms, and the next begins after ${interval} ms`,
      'write an interval no shorter than the timeout',
    )
  for (const [name, backend] of Object.entries(service.backends ?? {}))
    if (type !== 'none' && healthPort(service, backend) === undefined)
      malformed('port', `backend ${name} answers on any port, and the check is to know one`, 'write port')
}
