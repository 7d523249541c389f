import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemPause', tags: ['autodocs'], ...partPage('ItemPause') }

export const Shown = shown('ItemPause', held('report.pdf'))
