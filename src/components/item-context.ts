'use client'
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react'
import { phaseOf, type UploadPhase, type UploadSnapshot } from '../core/index.js'
import { type RemoteUploadStatus, UploadError } from '../protocol/index.js'
import { keepEqual } from './keep-equal.js'
import type { Pace } from './pace.js'
import { useRoot } from './root-context.js'

export interface ItemContextValue {
  readonly id: string
  readonly nameId: string
  readonly activityId: string
}

/** Where an upload is, in both vocabularies: `data-phase` is ours, `data-status` is OpenAI's. */
export interface ItemState {
  phase: UploadPhase
  /** Absent before the Upload exists at OpenAI. */
  status: RemoteUploadStatus | undefined
}

export const ItemContext = createContext<ItemContextValue | null>(null)

export function useItemContext(): ItemContextValue {
  const item = useContext(ItemContext)
  if (!item)
    throw new UploadError('invalid_options', 'A part of a row was rendered outside <Uploads.Item>. Put it inside one.')
  return item
}

/**
 * What a part shows of its upload; null once the upload is gone. `select` has to be stable.
 * A part draws again only when an entry of what `select` builds has changed.
 */
export function useItem<T>(select: (upload: UploadSnapshot) => T): T | null {
  const { id } = useItemContext()
  return useUploadOf(id, select)
}

export function useUploadOf<T>(id: string, select: (upload: UploadSnapshot) => T): T | null {
  const { store, uploader } = useRoot()
  const [subscribe, read] = useMemo(() => {
    const pick = keepEqual(select)
    const readNow = () => {
      const upload = store.kept.get(id) ?? uploader.get(id)
      return upload ? pick(upload) : null
    }
    return [(listener: () => void) => uploader.subscribeTo(id, listener), readNow] as const
  }, [id, select, store, uploader])
  return useSyncExternalStore(subscribe, read, read)
}

/** The same for what also depends on time, such as a countdown; `select` has to be stable. */
export function useItemOverTime<T>(select: (upload: UploadSnapshot, pace: Pace) => T): T | null {
  const { id } = useItemContext()
  const { store, uploader, paces } = useRoot()
  const [subscribe, read] = useMemo(() => {
    const pick = keepEqual((upload: UploadSnapshot) => select(upload, paces.of(upload)))
    const readNow = () => {
      const upload = store.kept.get(id) ?? uploader.get(id)
      return upload ? pick(upload) : null
    }
    const subscribeToAll = (listener: () => void) => {
      const stops = [uploader.subscribeTo(id, listener), paces.subscribe(listener), store.subscribe(listener)]
      return () => stops.forEach((stop) => stop())
    }
    return [subscribeToAll, readNow] as const
  }, [id, select, store, uploader, paces])
  return useSyncExternalStore(subscribe, read, read)
}

export function itemState(upload: UploadSnapshot): ItemState {
  return { phase: phaseOf(upload), status: upload.remote?.status }
}
