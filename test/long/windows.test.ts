/** The goal: ten thousand connections, and none lost that could be kept. */
import { test } from 'tap'
import { cannotBuildLabs } from '../lab/lab.ts'
import { upheaval } from '../lab/upheaval.ts'

test('10,000 connections while backends come and go', { skip: cannotBuildLabs(), timeout: 600_000 }, t => upheaval(t, 10_000, 3000))
