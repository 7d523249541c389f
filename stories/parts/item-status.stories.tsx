import { done, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemStatus', tags: ['autodocs'], ...partPage('ItemStatus') }

export const Shown = shown('ItemStatus', done)
