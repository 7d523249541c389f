import { failed, partPage, shown } from './part-page.js'

export default { title: 'Parts/SummaryRetry', tags: ['autodocs'], ...partPage('SummaryRetry') }

export const Shown = shown('SummaryRetry', failed('report.pdf'))
