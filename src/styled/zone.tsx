'use client'
import type { ReactNode } from 'react'
import type { DropzoneRenderState } from '../components/dropzone-context.js'
import * as Uploads from '../components/index.js'
import { useRoot, useRootState } from '../components/root-context.js'
import { useTriggerLabel } from '../components/trigger.js'
import type { IconName } from './icons.js'
import { useLook } from './look.js'

/** The dropzone with its words; a bar once there are files, or no more can come. */
export function Zone(): ReactNode {
  const { classOf, iconOf } = useLook()
  const { formRules, label } = useRoot()
  const hasFiles = useRootState((state) => state.ids.length > 0)
  return (
    <>
      {(formRules.required || label !== null) && <Uploads.Label className={classOf('label')} />}
      <Uploads.Dropzone className={classOf('dropzone')} data-compact={hasFiles ? '' : undefined}>
        {(state) => <Content {...state} hasFiles={hasFiles} />}
      </Uploads.Dropzone>
      <Uploads.FormError className={classOf('formError')}>
        {(message) => (
          <>
            {iconOf('invalid')}
            <bdi>{message}</bdi>
          </>
        )}
      </Uploads.FormError>
    </>
  )
}

function Content(state: DropzoneRenderState & { hasFiles: boolean }): ReactNode {
  const { wording, limits } = useRoot()
  const { messages } = wording
  const { classOf, iconOf } = useLook()
  const label = useTriggerLabel()
  const single = limits.maxFiles === 1
  const { hasFiles, disabled, full, reading } = state
  return (
    <>
      <span className={classOf('dropzoneIcon')}>{iconOf(iconNameOf(state))}</span>
      <div className={classOf('dropzoneWords')}>
        <div className={classOf('dropzoneLine')}>
          <Uploads.Trigger className={classOf('trigger')}>
            {hasFiles && !single ? messages.addMoreFiles : label}
          </Uploads.Trigger>
          <Uploads.DropHint className={classOf('hint')} />
          {reading && <Uploads.StopReading className={classOf('action')} />}
        </div>
        {/* The reason is what counts then, and the limits would only be in its way. */}
        {disabled || full ? null : <Uploads.Limits className={classOf('limits')} />}
      </div>
    </>
  )
}

function iconNameOf({
  disabled,
  drag,
  full,
  reading,
  hasFiles,
}: DropzoneRenderState & { hasFiles: boolean }): IconName {
  if (disabled) return 'disabled'
  if (drag) return drag === 'reject' ? 'reject' : 'drop'
  if (full) return 'full'
  if (reading) return 'reading'
  return hasFiles ? 'add' : 'upload'
}
