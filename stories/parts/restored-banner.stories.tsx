import { partPage, shown } from './part-page.js'

export default { title: 'Parts/RestoredBanner', tags: ['autodocs'], ...partPage('RestoredBanner') }

export const Shown = shown('RestoredBanner', { left: ['report.pdf', 'interviews.zip'] })
