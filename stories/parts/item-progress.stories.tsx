import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemProgress', tags: ['autodocs'], ...partPage('ItemProgress') }

export const Shown = shown('ItemProgress', held('report.pdf'))
