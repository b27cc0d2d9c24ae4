/** Chains of rules as iptables and nftables have them, in one form. */
import type { LimitValue } from '../policy/document.ts'
import type { Ask } from './meet.ts'
import type { Family } from './ranges.ts'

export type Target =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'none' }
  /** `answer`: what the original sends back. */
  | { readonly kind: 'reject'; readonly answer: string }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }

export interface Rate {
  readonly limit: LimitValue
  /** The rule matches what is beyond the rate; else what is within. */
  readonly beyond: boolean
}

export interface ForeignRule {
  readonly line: number
  readonly text: string
  /** Each alone is what the rule matches. */
  readonly asks: readonly Ask[]
  /** And none of these. */
  readonly not: readonly Ask[]
  readonly rate?: Rate
  readonly target: Target
  /** Why the rule cannot be carried over. */
  readonly cannot?: string
  readonly hint?: string
}

export interface Chain {
  readonly name: string
  readonly rules: ForeignRule[]
}

export type Hook = 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting'

/** A chain that packets meet by themselves. */
export interface BaseChain extends Chain {
  readonly hook: Hook
  /** Lower comes first. */
  readonly priority: number
  readonly policy: 'accept' | 'drop'
  readonly line: number
  /** Other families do not meet it. */
  readonly family?: Family
  /** Of netdev chains. */
  readonly devices?: readonly string[]
  /** Chains that its rules may name. */
  readonly chains: ReadonlyMap<string, Chain>
}

export const anything: readonly Ask[] = [{}]
