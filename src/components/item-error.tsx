'use client'
import type { UploadSnapshot } from '../core/index.js'
import { type ItemState, itemState, useItem } from './item-context.js'
import { useCopy } from './item-copy-id.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'
import { useKeptFocus } from './use-kept-focus.js'

export type ItemErrorProps = PartProps<'details', ItemState>

/** What support asks for: code, HTTP status, request id, upload id, and a button that copies them. Renders `details`. */
export const ItemError = /* @__PURE__ */ createPart<'details', ItemState>(
  'item-error',
  'details',
  function useItemError(given) {
    const { wording } = useRoot()
    const { messages } = wording
    const { copied, copy } = useCopy(() => {})
    const ref = useKeptFocus()
    const item = useItem(select)
    if (!item?.error) return null
    const { code, status, requestId, uploadId } = item.error
    const labelled = [
      [messages.detailCode, code],
      [messages.detailStatus, status],
      [messages.detailRequest, requestId],
      [messages.detailUpload, uploadId],
    ].filter(([, value]) => value !== undefined)
    const children = (
      <>
        <summary data-slot="upload-item-error-summary">{messages.details}</summary>
        <dl data-slot="upload-item-error-list">
          {labelled.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        <button
          type="button"
          data-slot="upload-item-error-copy"
          onClick={() => copy(labelled.map(([label, value]) => `${label}: ${value}`).join('\n'))}
        >
          {copied ? messages.copied : messages.copyDetails}
        </button>
      </>
    )
    return { state: item.state, own: { children }, given, ref }
  },
)

const select = (upload: UploadSnapshot) => {
  if (upload.status !== 'failed') return { state: itemState(upload), error: null }
  const { code, details } = upload.error
  const uploadId = details.uploadId ?? upload.remote?.id
  return { state: itemState(upload), error: { code, status: details.status, requestId: details.requestId, uploadId } }
}
