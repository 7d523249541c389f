import { file } from '../scene.js'
import { partPage, shown } from './part-page.js'

export default { title: 'Parts/SummaryFold', tags: ['autodocs'], ...partPage('SummaryFold') }

export const Shown = shown('SummaryFold', {
  files: [file('one.txt'), file('two.txt'), file('three.txt')],
  root: { foldAbove: 2 },
})
