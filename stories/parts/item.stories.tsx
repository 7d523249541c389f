import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/Item', tags: ['autodocs'], ...partPage('Item') }

export const Shown = shown('Item', held('report.pdf'))
