import { partPage, shown } from './part-page.js'

export default { title: 'Parts/RestoredDiscard', tags: ['autodocs'], ...partPage('RestoredDiscard') }

export const Shown = shown('RestoredDiscard', { left: ['report.pdf', 'interviews.zip'] })
