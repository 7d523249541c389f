import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/SummaryCancel', tags: ['autodocs'], ...partPage('SummaryCancel') }

export const Shown = shown('SummaryCancel', held('report.pdf'))
