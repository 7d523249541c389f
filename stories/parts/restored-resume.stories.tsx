import { partPage, shown } from './part-page.js'

export default { title: 'Parts/RestoredResume', tags: ['autodocs'], ...partPage('RestoredResume') }

export const Shown = shown('RestoredResume', { left: ['report.pdf', 'interviews.zip'] })
