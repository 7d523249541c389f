'use client'
import type { ReactNode } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { isUploadError, UploadError } from '../protocol/index.js'
import { errorText } from './error-text.js'
import { pickFiles } from './file-picker.js'
import { matchFiles } from './match-files.js'
import { createPart, type PartProps } from './part.js'
import { useRoot, useTotals } from './root-context.js'
import { useSummaryAction, useUploadsOfRoot } from './summary-actions.js'
import type { Totals } from './totals.js'
import { countOf, shownName } from './wording.js'

interface BannerExtra {
  children?: ReactNode | ((text: string) => ReactNode)
}

export interface RestoredResumeState {
  /** `choose`: the browser cannot open the files again by itself. */
  action: 'choose' | 'resume'
}

export type RestoredBannerProps = PartProps<'div', object, BannerExtra>
export type RestoredResumeProps = PartProps<'button', RestoredResumeState>
export type RestoredDiscardProps = PartProps<'button', object>

/** How many uploads an earlier page left behind. Renders a `div`. */
export const RestoredBanner = /* @__PURE__ */ createPart<'div', object, BannerExtra>(
  'restored-banner',
  'div',
  function useRestoredBanner({ children, ...given }) {
    const { wording } = useRoot()
    const { messages } = wording
    const interrupted = useTotals((totals) => totals.interrupted)
    const action = useTotals(actionOf)
    if (interrupted === 0) return null
    const text = (action === 'choose' ? messages.interruptedCount : messages.reopenableCount)(
      countOf(interrupted, wording),
    )
    return {
      state: {},
      own: { children: typeof children === 'function' ? children(text) : (children ?? text) },
      given,
    }
  },
)

/**
 * Continues what an earlier page left behind: several files are chosen at once, and each finds its row. Where the browser
 * can open all of them again, it asks for leave instead. Renders a `button`.
 */
export const RestoredResume = /* @__PURE__ */ createPart<'button', RestoredResumeState>(
  'restored-resume',
  'button',
  function useRestoredResume(given) {
    const { uploader, store, wording, limits } = useRoot()
    const { messages } = wording
    const action = useTotals(actionOf)
    const all = useUploadsOfRoot()

    const resume = (upload: UploadSnapshot, file?: File) => {
      uploader.resume(upload.id, file).catch((error: unknown) => {
        if (!file || !isUploadError(error)) return
        const text = errorText(error, upload.file, wording, { limits })
        store.reject([{ file, error: Object.assign(error, { message: text }) }])
      })
    }
    const resumeAll = () =>
      all()
        .filter(isInterrupted)
        .forEach((upload) => resume(upload))
    const take = (files: readonly File[]) => {
      const { matches, strangers } = matchFiles(files, all().filter(isInterrupted))
      for (const { upload, file } of matches) resume(upload, file)
      store.reject(
        strangers.map((file) => ({
          file,
          error: new UploadError('file_mismatch', messages.noMatch({ name: shownName(file.name) })),
        })),
      )
    }
    const choose = () => pickFiles({ accept: '', multiple: true }, take)
    return useSummaryAction(
      given,
      action && {
        state: { action },
        label: action === 'choose' ? messages.chooseFiles : messages.resumeAll,
        onClick: action === 'choose' ? choose : resumeAll,
      },
    )
  },
)

/** Gives up everything that an earlier page left behind. Renders a `button`. */
export const RestoredDiscard = /* @__PURE__ */ createPart<'button', object>(
  'restored-discard',
  'button',
  function useRestoredDiscard(given) {
    const { uploader, wording } = useRoot()
    const offered = useTotals((totals) => totals.interrupted > 0)
    const all = useUploadsOfRoot()
    const discard = () => {
      for (const { id } of all().filter(isInterrupted)) uploader.cancel(id)
    }
    return useSummaryAction(given, offered ? { state: {}, label: wording.messages.discardAll, onClick: discard } : null)
  },
)

function actionOf({ interrupted, reopenable }: Totals): RestoredResumeState['action'] | null {
  if (interrupted === 0) return null
  return reopenable === interrupted ? 'resume' : 'choose'
}

function isInterrupted(upload: UploadSnapshot): boolean {
  return upload.status === 'paused' && upload.reason === 'restored'
}
