import type { ChildProcess } from 'node:child_process'

export function startWebKitDriver(): Promise<{ child: ChildProcess; url: string }>
