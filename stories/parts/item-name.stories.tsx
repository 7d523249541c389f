import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemName', tags: ['autodocs'], ...partPage('ItemName') }

export const Shown = shown('ItemName', held('report.pdf'))
