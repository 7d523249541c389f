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

export function Row({ id, undoFor, thumbnails }: { id: string; undoFor: number; thumbnails: boolean }): ReactNode {
  const look = useLook()
  const { classOf } = look
  if (!useUploadOf(id, itemState)) return null
  const action = (nameOf: IconName) => ({ className: classOf('action'), render: withIcon(look, () => nameOf) })
  return (
    <Uploads.Item id={id} className={classOf('item')}>
      {thumbnails ? <Thumbnail id={id} /> : <RowIcon />}
      <div className={classOf('itemLine')}>
        <Uploads.ItemName className={classOf('name')} />
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

const kindOfUpload = ({ file }: UploadSnapshot) => kindOfFile(file)

function iconNameOf(upload: UploadSnapshot, pace: Pace): { name: IconName } {
  return { name: riskOf(upload, pace) ? 'late' : itemState(upload).phase }
}
