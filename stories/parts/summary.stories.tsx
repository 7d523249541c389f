import { held, partPage, shown } from './part-page.js'

export default { title: 'Parts/Summary', tags: ['autodocs'], ...partPage('Summary') }

export const Shown = shown('Summary', held('report.pdf'))
