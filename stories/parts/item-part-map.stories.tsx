import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemPartMap', tags: ['autodocs'], ...partPage('ItemPartMap') }

export const Shown = shown('ItemPartMap', held('report.pdf'))
