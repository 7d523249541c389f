import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/SummaryPause', tags: ['autodocs'], ...partPage('SummaryPause') }

export const Shown = shown('SummaryPause', held('report.pdf'))
