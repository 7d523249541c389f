import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/SummaryProgress', tags: ['autodocs'], ...partPage('SummaryProgress') }

export const Shown = shown('SummaryProgress', held('report.pdf'))
