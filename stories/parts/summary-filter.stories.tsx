import { failed, partPage, shown } from './part-page.js'

export default { title: 'Parts/SummaryFilter', tags: ['autodocs'], ...partPage('SummaryFilter') }

export const Shown = shown('SummaryFilter', failed('report.pdf', 'notes.txt'))
