import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemSize', tags: ['autodocs'], ...partPage('ItemSize') }

export const Shown = shown('ItemSize', held('report.pdf'))
