'use client'
import type { ReactNode } from 'react'
import type { DropzoneRenderState } from '../components/dropzone.js'
import * as Uploads from '../components/index.js'
import { useRoot, useRootState } from '../components/root-context.js'
import type { IconName } from './icons.js'
import { useLook } from './look.js'

/** The dropzone with its words; a bar once there are files, or no more can come. */
export function Zone(): ReactNode {
  const { classOf } = useLook()
  const { required, label } = useRoot()
  const hasFiles = useRootState((state) => state.ids.length > 0)
  return (
    <>
      {(required || label !== null) && <Uploads.Label className={classOf('label')} />}
      <Uploads.Dropzone className={classOf('dropzone')} data-compact={hasFiles ? '' : undefined}>
        {(state) => <Content {...state} hasFiles={hasFiles} />}
      </Uploads.Dropzone>
      <Problem />
    </>
  )
}

function Content(state: DropzoneRenderState & { hasFiles: boolean }): ReactNode {
  const { messages } = useRoot().wording
  const { classOf, iconOf } = useLook()
  const { hasFiles, disabled, full, reading } = state
  return (
    <>
      <span className={classOf('dropzoneIcon')}>{iconOf(iconNameOf(state))}</span>
      <div className={classOf('dropzoneWords')}>
        <div className={classOf('dropzoneLine')}>
          <Uploads.Trigger className={classOf('trigger')}>
            {hasFiles ? messages.addMoreFiles : messages.chooseFiles}
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

function Problem(): ReactNode {
  const { invalid } = useRoot()
  const { classOf, iconOf } = useLook()
  if (typeof invalid !== 'string') return null
  return (
    <div className={classOf('invalid')}>
      {iconOf('invalid')}
      <Uploads.Invalid />
    </div>
  )
}
