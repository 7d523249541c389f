import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemActivity', tags: ['autodocs'], ...partPage('ItemActivity') }

export const Shown = shown('ItemActivity', held('report.pdf'))
