import { partPage, shown } from './part-page.js'

export default { title: 'Parts/DropHint', tags: ['autodocs'], ...partPage('DropHint') }

export const Shown = shown('DropHint')
