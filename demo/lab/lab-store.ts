import { useSyncExternalStore } from 'react'
import { type Conditions, type FaultName, LAB_PATH, parseConditions, SESSION_HEADER } from './conditions.js'
import { setPlug } from './plug.js'
import { session } from './session.js'

/** `null` while nobody knows, `'none'` where the backend has no lab: then the files go to a real account. */
type Lab = Conditions | 'none' | null

let lab: Lab = null
let asked: Promise<void> | null = null
/** Changes reach the backend in the order in which they were made. */
let last: Promise<unknown> = Promise.resolve()
const listeners = new Set<() => void>()

function set(next: Lab): void {
  lab = next
  for (const listener of listeners) listener()
}

async function ask(): Promise<void> {
  const answer = await fetch(LAB_PATH).catch(() => null)
  set((answer?.ok && parseConditions(await answer.json())) || 'none')
}

function subscribe(listener: () => void): () => void {
  asked ??= ask()
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The conditions of this page's network. */
export function useLab(): Lab {
  return useSyncExternalStore(subscribe, () => lab)
}

/** Changes some of the conditions of this page, here and at the backend. */
export function change(conditions: Partial<Conditions>): void {
  if (lab === null || lab === 'none') return
  const wasOut = isOut()
  const next = { ...lab, ...conditions }
  set(next)
  // The browser's hint comes with the outage, and goes after it.
  if (isOut()) setPlug(true)
  last = last.then(() => tell(next))
  if (wasOut) last = last.then(() => isOut() || setPlug(false))
}

export function toggle(fault: FaultName): void {
  if (lab === null || lab === 'none') return
  const { faults } = lab
  change({ faults: faults.includes(fault) ? faults.filter((other) => other !== fault) : [...faults, fault] })
}

function isOut(): boolean {
  return lab !== null && lab !== 'none' && lab.faults.includes('cut')
}

async function tell(conditions: Conditions): Promise<void> {
  const init = { method: 'PUT', headers: { [SESSION_HEADER]: session }, body: JSON.stringify(conditions) }
  await fetch(LAB_PATH, init).catch(() => {})
}
