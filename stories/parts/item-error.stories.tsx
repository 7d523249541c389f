import { failed, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemError', tags: ['autodocs'], ...partPage('ItemError') }

export const Shown = shown('ItemError', failed('report.pdf'))
