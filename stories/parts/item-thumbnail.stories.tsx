import { done, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemThumbnail', tags: ['autodocs'], ...partPage('ItemThumbnail') }

export const Shown = shown('ItemThumbnail', done)
