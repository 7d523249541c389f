import { done, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemCopyId', tags: ['autodocs'], ...partPage('ItemCopyId') }

export const Shown = shown('ItemCopyId', done)
