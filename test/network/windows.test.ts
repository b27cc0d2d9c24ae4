/** Real connections while the ring changes under them. */
import { test } from 'tap'
import { cannotBuildLabs } from '../lab/lab.ts'
import { upheaval } from '../lab/upheaval.ts'

test('300 connections while backends come and go', { skip: cannotBuildLabs(), timeout: 120_000 }, t => upheaval(t, 300, 100))
