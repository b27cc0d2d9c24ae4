/** Columns for people: as wide as their content, numbers to the right. */
import { type Paint, plain } from './io.ts'

export type Cell = string | number | bigint | boolean | null | undefined

export function table(heads: readonly string[], rows: readonly (readonly Cell[])[], paint: Paint): string[] {
  const texts = rows.map(row => row.map(cellText))
  const widths = heads.map((head, column) => texts.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), head.length))
  const isNumber = heads.map(
    (_head, column) => rows.length > 0 && rows.every(row => typeof row[column] === 'number' || typeof row[column] === 'bigint'),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((text, column) => {
        const width = widths[column] ?? 0
        return isNumber[column] ? text.padStart(width) : text.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  return [paint('bold', line(heads)), ...texts.map(line)]
}

function cellText(cell: Cell): string {
  if (cell === undefined || cell === null || cell === '') return '-'
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return plain(String(cell))
}
