'use client'
import type { ReactNode } from 'react'
import * as Uploads from '../components/index.js'
import type { ItemCancelState } from '../components/item-cancel.js'
import { itemState, useItemOverTime, useUploadOf } from '../components/item-context.js'
import type { ItemPauseState } from '../components/item-pause.js'
import { type Pace, riskOf } from '../components/pace.js'
import type { UploadSnapshot } from '../core/index.js'
import type { IconName } from './icons.js'
import { KindIcon, kindOfFile } from './kind-icon.js'
import { useLook, withIcon } from './look.js'
import { endsOf } from './name-ends.js'

interface RowProps {
  id: string
  undoFor: number
  thumbnails: boolean
  compact: boolean
}

export function Row({ id, undoFor, thumbnails, compact }: RowProps): ReactNode {
  const look = useLook()
  const { classOf } = look
  if (!useUploadOf(id, itemState)) return null
  const action = (nameOf: IconName) => ({ className: classOf('action'), render: withIcon(look, () => nameOf) })
  return (
    <Uploads.Item id={id} className={classOf('item')}>
      {thumbnails ? <Thumbnail id={id} /> : <RowIcon />}
      <div className={classOf('itemLine')}>
        {compact ? <ShortName id={id} /> : <Uploads.ItemName className={classOf('name')} />}
        <Uploads.ItemSize className={classOf('size')} />
        <Uploads.ItemStatus className={classOf('badge')} />
      </div>
      <Uploads.ItemProgress className={classOf('bar')} />
      <Uploads.ItemActivity className={classOf('activity')} />
      <div className={classOf('actions')}>
        <Uploads.ItemSignIn {...action('signIn')} />
        <Uploads.ItemRetry {...action('retry')} />
        <Uploads.ItemUploadNew {...action('uploadNew')} />
        <Uploads.ItemPauseOthers {...action('pauseOthers')} />
        <Uploads.ItemPause
          className={classOf('action')}
          render={withIcon(look, (state: ItemPauseState) => state.action)}
        />
        <Uploads.ItemCancel
          className={classOf('action')}
          render={withIcon(look, (state: ItemCancelState) => state.action)}
          undoFor={undoFor}
        />
        <Uploads.ItemCopyId {...action('copyId')} />
        <Uploads.ItemDelete {...action('delete')} />
        <Uploads.ItemRemove {...action('remove')} />
      </div>
      <Uploads.ItemError className={classOf('details')} />
    </Uploads.Item>
  )
}

/** The whole name, once; what is drawn until the row has focus are its two ends. */
function ShortName({ id }: { id: string }): ReactNode {
  const { classOf } = useLook()
  const name = useUploadOf(id, nameOfUpload)
  if (name === null) return null
  const { start, end } = endsOf(name)
  // Of a short name, nothing would be cut.
  const ends = start === '' ? {} : { 'data-start': start, 'data-end': end }
  return (
    <Uploads.ItemName className={classOf('name')} {...ends}>
      <span>{name}</span>
    </Uploads.ItemName>
  )
}

function RowIcon(): ReactNode {
  const { classOf, iconOf } = useLook()
  const item = useItemOverTime(iconNameOf)
  return item && <span className={classOf('itemIcon')}>{iconOf(item.name)}</span>
}

function Thumbnail({ id }: { id: string }): ReactNode {
  const { classOf } = useLook()
  const kind = useUploadOf(id, kindOfUpload)
  return (
    <span className={classOf('itemIcon')}>
      <Uploads.ItemThumbnail className={classOf('thumbnail')}>{kind && <KindIcon kind={kind} />}</Uploads.ItemThumbnail>
    </span>
  )
}

const nameOfUpload = ({ options, file }: UploadSnapshot) => options.filename ?? file.name
const kindOfUpload = ({ file }: UploadSnapshot) => kindOfFile(file)

function iconNameOf(upload: UploadSnapshot, pace: Pace): { name: IconName } {
  return { name: riskOf(upload, pace) ? 'late' : itemState(upload).phase }
}
