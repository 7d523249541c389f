import { file } from '../scene.js'
import { partPage, shown } from './part-page.js'

export default { title: 'Parts/Rejections', tags: ['autodocs'], ...partPage('Rejections') }

export const Shown = shown('Rejections', { files: [file('empty.txt', 0)] })
