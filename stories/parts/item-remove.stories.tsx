import { done, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemRemove', tags: ['autodocs'], ...partPage('ItemRemove') }

export const Shown = shown('ItemRemove', done)
