/** Where the parts of a check put what they find. */
import { type Problem, type ProblemCode, pointer, type Warning } from './problem.ts'

export type Path = readonly (string | number)[]

export interface Report {
  readonly problems: Problem[]
  readonly warnings: Warning[]
  problem(path: Path, code: ProblemCode, detail: string, hint: string, capacity?: Problem['capacity']): void
  warn(path: Path, code: Warning['code'], detail: string): void
}

export function newReport(): Report {
  const problems: Problem[] = []
  const warnings: Warning[] = []

  return {
    problems,
    warnings,
    problem: (path, code, detail, hint, capacity) => {
      problems.push({ pointer: pointer(...path), code, detail, hint, ...(capacity === undefined ? {} : { capacity }) })
    },
    warn: (path, code, detail) => {
      warnings.push({ pointer: pointer(...path), code, detail })
    },
  }
}
