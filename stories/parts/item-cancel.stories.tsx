import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemCancel', tags: ['autodocs'], ...partPage('ItemCancel') }

export const Shown = shown('ItemCancel', held('report.pdf'))
