/** Keys of everything the kit keeps in the query client; an app's file list under `files` is refreshed after uploads. */
export const uploadKeys = {
  all: ['uploads'],
  /** Mutations: one a run. */
  run: ['uploads', 'run'],
  policy: (backend: number) => ['uploads', 'policy', backend] as const,
  files: ['uploads', 'files'],
  file: (fileId: string) => ['uploads', 'files', fileId] as const,
} as const
