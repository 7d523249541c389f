import type { ChildProcess } from 'node:child_process'

export function portOf(child: ChildProcess): Promise<number>
