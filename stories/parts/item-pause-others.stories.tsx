import { file } from '../scene.js'
import { partPage, shown } from './part-page.js'

export default { title: 'Parts/ItemPauseOthers', tags: ['autodocs'], ...partPage('ItemPauseOthers') }

export const Shown = shown('ItemPauseOthers', {
  files: [file('report.pdf'), file('notes.txt')],
  scripts: { 'report.pdf': { holdAfter: 5, lifetime: 200 }, 'notes.txt': { holdAfter: 5 } },
})
